package dev.sluice.core.request;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Base64;
import java.util.Optional;

class SourceTest {
    private static Optional<Source.Base64> read(String url) {
        return Source.ofDataUrl(url);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "data:image/png;base64,iVBORw0=|image/png|iVBORw0=",
                "DATA:image/png;BASE64,iVBORw0=|image/png|iVBORw0=",
                "data:IMAGE/PNG;base64,AAAA|image/png|AAAA",
                "data:image/jpg;base64,AAAA|image/jpeg|AAAA",
                "data:application/pdf;name=a.pdf;charset=x;base64,AA==|application/pdf|AA==",
                "data: image/png ; base64 ,AA==|image/png|AA==",
                "data:;base64,AAAA|application/octet-stream|AAAA",
                "data:image/gif;base64,|image/gif|''",
                "data:image/png;base64,a%2Bb%2f%3D%|image/png|a+b/=%",
                "data:image/png;base64,a%2|image/png|a%2",
                "data:image/png;base64,a,b|image/png|a,b"
            })
    void readsDataAddresses(String url, String type, String data) {
        assertThat(read(url)).contains(new Source.Base64(type, data));
    }

    @Test
    void leavesWhiteSpaceOut() {
        assertThat(read("data:image/png;base64,AA\r\nBB CC\t%0ADD\n").orElseThrow().data())
                .isEqualTo("AABBCCDD");
    }

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a, image/png", "ffd8ffe0, image/jpeg", "474946383961, image/gif",
        "52494646000000005745425056503820, image/webp", "255044462d312e37, application/pdf",
                "00000000, application/octet-stream"
    })
    void findsTheTypeInTheFirstBytes(String hex, String type) {
        String data = Base64.getEncoder().encodeToString(java.util.HexFormat.of().parseHex(hex));
        assertThat(read("data:;base64," + data).orElseThrow().mediaType()).isEqualTo(type);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "data:",
                "data:,",
                "data:text/plain,hello",
                "data:image/png;base64",
                "https://example.test/a,b;base64,",
                "xdata:image/png;base64,AA",
                "data:base64,AA",
                "data:image/png;base64;x=1,AA",
                "data:image/png;xbase64,AA"
            })
    void leavesOtherAddressesAlone(String url) {
        assertThat(read(url)).isEmpty();
    }

    @Test
    void writesADataAddress() {
        Source.Base64 source = new Source.Base64("image/png", "AAAA");
        assertThat(Source.toDataUrl(source)).isEqualTo("data:image/png;base64,AAAA");
        assertThat(read(Source.toDataUrl(source))).contains(source);
        assertThat(source.toString()).doesNotContain("AAAA");
    }
}
