#include <math.h>

/* Channels first: x (N, C, P), normalised over the channels at every place. */
void layernorm_nchw_backward(const float *dy, const float *x, const float *g, const float *mu, const float *rs,
                             float *dx, float *dg, float *db, int N, int C, int P) {
    for (int n = 0; n < N; n++)
        for (int p = 0; p < P; p++) {
            float m = mu[n * P + p], r = rs[n * P + p], a = 0.0f, b = 0.0f;
            for (int c = 0; c < C; c++) {
                int at = (n * C + c) * P + p;
                float h = (x[at] - m) * r, e = dy[at] * g[c];
                a += e;
                b += e * h;
                dg[c] += dy[at] * h;
                db[c] += dy[at];
            }
            for (int c = 0; c < C; c++) {
                int at = (n * C + c) * P + p;
                float h = (x[at] - m) * r;
                dx[at] = r * (dy[at] * g[c] - a / C - h * b / C);
            }
        }
}
