/*
 * Drives libllama by a plain loop: some sequences in one context, one token of each in every step, a
 * sampler chain for each. The yardstick for the engine: what it does is all that must be done.
 *
 *   baseline LIBDIR MODEL STREAMS TOKENS THREADS POOL
 *
 * For each line of its input it makes a run and tells a line of figures; one run before the
 * first is not told. With POOL 1 the threads that compute live on from step to step, as those of the engine do;
 * with 0 the library does as it likes.
 *
 * The few declarations that it needs stand here, so that no header must be installed. Parameter
 * structs are larger than any release has them; the library fills them and reads what is its own.
 */
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct model_params { void *devices, *overrides; int32_t gpu_layers; char rest[256]; };
struct context_params { uint32_t n_ctx, n_batch, n_ubatch, n_seq_max; char rest[512]; };
struct chain_params { bool no_perf; };
struct batch {
    int32_t n_tokens; int32_t *token; float *embd; int32_t *pos; int32_t *n_seq_id; int32_t **seq_id; int8_t *logits;
};
struct pool_params { char mask[512]; int32_t n_threads; char rest[256]; };
struct logit_bias { int32_t token; float bias; };

struct model_params llama_model_default_params(void);
struct context_params llama_context_default_params(void);
void llama_backend_init(void);
void ggml_backend_load_all_from_path(const char *);
void llama_log_set(void (*)(int, const char *, void *), void *);
void *llama_model_load_from_file(const char *, struct model_params);
void *llama_init_from_model(void *, struct context_params);
void llama_set_n_threads(void *, int32_t, int32_t);
const void *llama_model_get_vocab(void *);
int32_t llama_vocab_n_tokens(const void *);
bool llama_vocab_is_eog(const void *, int32_t);
int32_t llama_tokenize(const void *, const char *, int32_t, int32_t *, int32_t, bool, bool);
int32_t llama_token_to_piece(const void *, int32_t, char *, int32_t, int32_t, bool);
struct batch llama_batch_init(int32_t, int32_t, int32_t);
int32_t llama_decode(void *, struct batch);
void *llama_sampler_chain_init(struct chain_params);
void llama_sampler_chain_add(void *, void *);
void *llama_sampler_init_logit_bias(int32_t, int32_t, const struct logit_bias *);
void *llama_sampler_init_top_k(int32_t);
void *llama_sampler_init_top_p(float, size_t);
void *llama_sampler_init_min_p(float, size_t);
void *llama_sampler_init_temp(float);
void *llama_sampler_init_dist(uint32_t);
int32_t llama_sampler_sample(void *, void *, int32_t);
void llama_sampler_free(void *);
void *llama_get_memory(void *);
void llama_memory_clear(void *, bool);
void llama_attach_threadpool(void *, void *, void *);
struct pool_params ggml_threadpool_params_default(int32_t);
void *ggml_backend_dev_by_type(int);
void *ggml_backend_dev_backend_reg(void *);
void *ggml_backend_reg_get_proc_address(void *, const char *);

static void quiet(int level, const char *text, void *data) { (void)level; (void)text; (void)data; }

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec + t.tv_nsec / 1e9;
}

static long resident_kb(void) {
    char line[256];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");
    while (f && fgets(line, sizeof line, f)) sscanf(line, "VmHWM: %ld", &kb);
    if (f) fclose(f);
    return kb;
}

static void *sampler(const void *vocab, uint32_t seed) {
    static struct logit_bias ends[64];
    int count = 0;
    int n = llama_vocab_n_tokens(vocab);
    for (int t = 0; t < n && count < 64; t++)
        if (llama_vocab_is_eog(vocab, t)) ends[count++] = (struct logit_bias){t, -1e9f};
    void *chain = llama_sampler_chain_init((struct chain_params){true});
    llama_sampler_chain_add(chain, llama_sampler_init_logit_bias(n, count, ends));
    llama_sampler_chain_add(chain, llama_sampler_init_top_k(40));
    llama_sampler_chain_add(chain, llama_sampler_init_top_p(0.95f, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_min_p(0.05f, 1));
    llama_sampler_chain_add(chain, llama_sampler_init_temp(0.8f));
    llama_sampler_chain_add(chain, llama_sampler_init_dist(seed));
    return chain;
}

static void *pool(int threads) {
    void *registry = ggml_backend_dev_backend_reg(ggml_backend_dev_by_type(0));
    void *(*make)(struct pool_params *) = ggml_backend_reg_get_proc_address(registry, "ggml_threadpool_new");
    struct pool_params params = ggml_threadpool_params_default(threads);
    return make(&params);
}

static void *context;
static const void *vocab;
static struct batch batch;

static int ascending(const void *a, const void *b) {
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static int run(int number, int streams, int tokens, bool told) {
    int32_t prompt[512], *last = calloc(streams, 4), *position = calloc(streams, 4);
    void **chain = calloc(streams, sizeof *chain);
    char text[256], piece[256];
    double *gap = calloc(tokens, sizeof *gap);
    double begun = now(), first_sum = 0, first_last = 0;
    long written = 0, characters = 0;

    llama_memory_clear(llama_get_memory(context), false);
    for (int s = 0; s < streams; s++) {
        chain[s] = sampler(vocab, s + 1);
        snprintf(text, sizeof text, "<|im_start|>user\n%d is the stream that asks what is possible.<|im_end|>\n<|im_start|>assistant\n",
                 number * streams + s);
        int n = llama_tokenize(vocab, text, (int32_t)strlen(text), prompt, 512, true, true);
        batch.n_tokens = n;
        for (int i = 0; i < n; i++) {
            batch.token[i] = prompt[i];
            batch.pos[i] = i;
            batch.n_seq_id[i] = 1;
            batch.seq_id[i][0] = s;
            batch.logits[i] = i == n - 1;
        }
        if (llama_decode(context, batch)) return 1;
        last[s] = llama_sampler_sample(chain[s], context, n - 1);
        position[s] = n;
        first_last = now() - begun;
        first_sum += first_last;
        written++;
    }
    double before = now();
    for (int t = 1; t < tokens; t++) {
        batch.n_tokens = streams;
        for (int s = 0; s < streams; s++) {
            batch.token[s] = last[s];
            batch.pos[s] = position[s]++;
            batch.n_seq_id[s] = 1;
            batch.seq_id[s][0] = s;
            batch.logits[s] = 1;
        }
        if (llama_decode(context, batch)) return 1;
        for (int s = 0; s < streams; s++) {
            last[s] = llama_sampler_sample(chain[s], context, s);
            characters += llama_token_to_piece(vocab, last[s], piece, sizeof piece, 0, true);
            written++;
        }
        double after = now();
        gap[t - 1] = after - before;
        before = after;
    }
    double seconds = now() - begun;
    for (int s = 0; s < streams; s++) llama_sampler_free(chain[s]);
    qsort(gap, tokens - 1, sizeof *gap, ascending);
    fprintf(stderr, "%ld bytes of text\n", characters);
    if (told)
        printf("{\"tokens_per_second\":%.1f,\"first_ms\":%.2f,\"last_first_ms\":%.2f,\"gap_ms\":%.3f,\"resident_mb\":%.1f}\n",
               written / seconds, first_sum / streams * 1e3, first_last * 1e3, gap[(tokens - 1) / 2] * 1e3, resident_kb() / 1024.0);
    fflush(stdout);
    free(chain), free(last), free(position), free(gap);
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 7) return 2;
    int streams = atoi(argv[3]), tokens = atoi(argv[4]), threads = atoi(argv[5]), number = 0;
    llama_log_set(quiet, NULL);
    llama_backend_init();
    ggml_backend_load_all_from_path(argv[1]);
    void *model = llama_model_load_from_file(argv[2], llama_model_default_params());
    struct context_params params = llama_context_default_params();
    params.n_ctx = 1024 * streams;
    params.n_batch = 512;
    params.n_ubatch = 512;
    params.n_seq_max = streams;
    context = model ? llama_init_from_model(model, params) : NULL;
    if (!context) return 1;
    llama_set_n_threads(context, threads, threads);
    if (atoi(argv[6])) {
        void *made = pool(threads);
        llama_attach_threadpool(context, made, made);
    }
    vocab = llama_model_get_vocab(model);
    batch = llama_batch_init(512, 0, 1);
    for (int c = getchar(); c != EOF; c = getchar())
        if (c == '\n') {
            if (number == 0 && run(number++, streams, tokens, false)) return 1;
            if (run(number++, streams, tokens, true)) return 1;
        }
    return 0;
}
