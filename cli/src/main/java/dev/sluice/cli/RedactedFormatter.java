package dev.sluice.cli;

import dev.sluice.core.failure.Redactor;

import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/** Writes a record as another formatter does, stack trace and all, and takes keys out of it. */
final class RedactedFormatter extends Formatter {
    /** One for the process, since the log is. */
    private static volatile Redactor redactor = Redactor.BY_LOOK;

    private final Formatter formatter;

    RedactedFormatter(Formatter formatter) {
        this.formatter = formatter;
    }

    /** Lets all logs go by {@code next} from now on. */
    static void redactBy(Redactor next) {
        redactor = next;
    }

    @Override
    public String format(LogRecord record) {
        return redactor.clean(formatter.format(record));
    }

    @Override
    public String getHead(Handler handler) {
        return formatter.getHead(handler);
    }

    @Override
    public String getTail(Handler handler) {
        return formatter.getTail(handler);
    }
}
