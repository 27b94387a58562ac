/* Arrays whose sizes are parameters. */
void dense_backward(int N, int In, int Out, const float x[restrict N][In], const float w[Out][In], const float dy[N][Out],
                    float dx[N][In], float dw[Out][In], float db[Out])
{
    for (int n = 0; n < N; n++)
        for (int o = 0; o < Out; o++) {
            db[o] += dy[n][o];
            for (int i = 0; i < In; i++) {
                dw[o][i] += dy[n][o] * x[n][i];
                dx[n][i] += dy[n][o] * w[o][i];
            }
        }
}
