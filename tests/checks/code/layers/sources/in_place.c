/* Gradients are put where what comes from above was, or where the scores were; names are other ones than usual. */
#include <math.h>
#include <stdlib.h>
typedef unsigned int uint;

void backward_norm(float *x, float *mean, float *variance, float *scales, float *delta, float *scale_updates,
                   float *bias_updates, int batch, int filters, int spatial)
{
    float *to_mean = (float *)calloc(filters, sizeof(float)), *to_variance = (float *)calloc(filters, sizeof(float));
    const int count = batch * spatial;
    for (int b = 0; b < batch; ++b)
        for (int f = 0; f < filters; ++f)
            for (int i = 0; i < spatial; ++i) {
                int at = (b * filters + f) * spatial + i;
                bias_updates[f] += delta[at];
                scale_updates[f] += delta[at] * (x[at] - mean[f]) / sqrt(variance[f] + .00001f);
                delta[at] *= scales[f];
                to_mean[f] -= delta[at] / sqrt(variance[f] + .00001f);
                to_variance[f] += delta[at] * (x[at] - mean[f]) * -.5 * pow(variance[f] + .00001f, -3. / 2.);
            }
    for (int b = 0; b < batch; ++b)
        for (int f = 0; f < filters; ++f)
            for (int i = 0; i < spatial; ++i) {
                int at = (b * filters + f) * spatial + i;
                float spread = to_variance[f] * 2. * (x[at] - mean[f]) / count;
                delta[at] = delta[at] / sqrt(variance[f] + .00001f) + spread + to_mean[f] / count;
            }
    free(to_mean);
    free(to_variance);
}

void xent_backward(float *scores, const int *labels, uint n_rows, uint n_classes)
{
    for (uint r = 0; r < n_rows; r++, scores += n_classes) {
        float top = scores[0], whole = 0.0f;
        for (uint c = 1; c < n_classes; c++) top = fmaxf(top, scores[c]);
        for (uint c = 0; c < n_classes; c++) whole += scores[c] = expf(scores[c] - top);
        for (uint c = 0; c < n_classes; c++) scores[c] /= whole * n_rows;
        scores[labels[r]] -= 1.0f / n_rows;
    }
}

void table_backward(const float *above, const long *which, float *dtable, size_t rows, size_t height, size_t width)
{
    for (size_t i = 0; i < height * width; i++) dtable[i] = 0;
    for (size_t n = 0; n < rows; ++n)
        for (size_t e = 0; e < width; ++e) dtable[which[n] * width + e] += above[n * width + e];
}
