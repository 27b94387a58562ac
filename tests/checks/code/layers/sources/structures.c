/* A layer in a structure, and a function that is static. */
#include <math.h>
#include <stddef.h>

typedef struct {
    int rows, dim;
    float *gamma, *beta;
    float *dgamma, *dbeta;
    float *mean, *rstd;
    char name[16];
} LayerNorm;

static void layernorm_backward(LayerNorm *l, const float *x, const float *dout, float *dx)
{
    const int n = l->dim;
    for (int r = 0; r < l->rows; r++) {
        float a = 0.f, b = 0.f;
        for (int i = 0; i < n; i++) {
            float xh = (x[r * n + i] - l->mean[r]) * l->rstd[r];
            float g = dout[r * n + i] * l->gamma[i];
            a += g / n;
            b += g * xh / n;
            l->dgamma[i] += dout[r * n + i] * xh;
            l->dbeta[i] += dout[r * n + i];
        }
        for (int i = 0; i < n; i++) {
            float xh = (x[r * n + i] - l->mean[r]) * l->rstd[r];
            dx[r * n + i] = l->rstd[r] * (dout[r * n + i] * l->gamma[i] - a - xh * b);
        }
    }
}

/* Gradients beside what they are of. */
typedef struct { int n; float *data, *grad; } Tensor;

static inline void sigmoid_backward(Tensor *x, Tensor *y)
{
    for (int i = 0; i < x->n; ++i)
        x->grad[i] += y->grad[i] * y->data[i] * (1.0f - y->data[i]);
}
