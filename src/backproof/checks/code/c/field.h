// What stands before a C file so that it computes in a field: float is an integer modulo 2^61 - 1, and beside it the real
// number that it stands for, by which comparisons are decided. Functions such as exp are asked of the one who calls.
struct backproof_number {
    uint64_t v;
    double s;
    uint32_t top, bottom; // at least the degrees of numerator and denominator
    backproof_number() = default;
    template <class T, class = typename std::enable_if<std::is_integral<T>::value>::type>
    backproof_number(T k) : v(backproof_whole((long long)k)), s((double)k), top(0), bottom(0) {}
    backproof_number(float x) : v(backproof_written(x, 24)), s(x), top(0), bottom(0) {}
    backproof_number(double x) : v(backproof_written(x, 53)), s(x), top(0), bottom(0) {}
    backproof_number(long double x) : backproof_number((double)x) {}
    static uint64_t backproof_whole(long long k) { return k < 0 ? BACKPROOF_P - (uint64_t)(-k) % BACKPROOF_P : (uint64_t)k % BACKPROOF_P; }
    explicit operator bool() const { return v != 0; }
    template <class T, class = typename std::enable_if<std::is_integral<T>::value && !std::is_same<T, bool>::value>::type>
    explicit operator T() const { backproof_call(BACKPROOF_LOST, this, this, nullptr); return 0; }
    backproof_number operator-() const { return backproof_made(v ? BACKPROOF_P - v : 0, -s, top, bottom); }
    backproof_number operator+() const { return *this; }
    static backproof_number backproof_made(uint64_t v, double s, uint64_t top, uint64_t bottom) {
        backproof_number r;
        r.v = v, r.s = s, r.top = backproof_most(top), r.bottom = backproof_most(bottom);
        return r;
    }
    static uint32_t backproof_most(uint64_t d) { return d < 0x7fffffff ? (uint32_t)d : 0x7fffffff; }
    static uint64_t backproof_sum(backproof_number a, backproof_number b) {
        uint64_t one = (uint64_t)a.top + b.bottom, other = (uint64_t)b.top + a.bottom;
        return one > other ? one : other;
    }
};
#define BACKPROOF_OP(op, exact, above, below) \
    static inline backproof_number operator op(backproof_number a, backproof_number b) { return backproof_number::backproof_made(exact, a.s op b.s, above, below); } \
    static inline backproof_number& operator op##=(backproof_number& a, backproof_number b) { return a = a op b; }
#define BACKPROOF_IF(op, how) static inline bool operator op(backproof_number a, backproof_number b) { return how; }
BACKPROOF_OP(+, (a.v + b.v) % BACKPROOF_P, backproof_number::backproof_sum(a, b), (uint64_t)a.bottom + b.bottom)
BACKPROOF_OP(-, (a.v + BACKPROOF_P - b.v) % BACKPROOF_P, backproof_number::backproof_sum(a, b), (uint64_t)a.bottom + b.bottom)
BACKPROOF_OP(*, backproof_times(a.v, b.v), (uint64_t)a.top + b.top, (uint64_t)a.bottom + b.bottom)
BACKPROOF_OP(/, backproof_times(a.v, backproof_inverse(b.v)), (uint64_t)a.top + b.bottom, (uint64_t)a.bottom + b.top)
BACKPROOF_IF(<, a.s < b.s) BACKPROOF_IF(>, a.s > b.s) BACKPROOF_IF(<=, a.s <= b.s) BACKPROOF_IF(>=, a.s >= b.s)
BACKPROOF_IF(==, a.v == b.v) BACKPROOF_IF(!=, a.v != b.v)
static inline backproof_number& operator++(backproof_number& a) { return a += 1; }
static inline backproof_number backproof_of(int f, backproof_number a, backproof_number b = 0) { backproof_number r = 0; backproof_call(f, &a, &b, &r); return r; }
