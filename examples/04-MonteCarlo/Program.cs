// Teaches: random numbers are a function of a seed and an index, so the same numbers come from one core or a cluster.

using Avial;
using static Avial.KernelMath;
using static Avial.Targets;

const long paths = 1_000_000;
const double spot = 100, strike = 100, rate = 0.05, volatility = 0.2, years = 1;
const double exact = 10.450583572185565;       // Black and Scholes (1973) for these values

double drift = (rate - 0.5 * volatility * volatility) * years;
double spread = volatility * Math.Sqrt(years);
double discount = Math.Exp(-rate * years);

Array1D<double> payoff = Task.On(Auto).Run(paths, i =>
    discount * Math.Max(0, spot * Math.Exp(drift + spread * Normal(2026, i)) - strike));
Scalar<double> mean = Task.On(Auto).Reduce(paths, i => payoff[i], Reduction.Mean);
Scalar<double> variance = Task.On(Auto).Reduce(paths, i => (payoff[i] - mean) * (payoff[i] - mean), Reduction.Mean);
Scalar<double> error = Task.On(Auto).Run(() => Math.Sqrt(variance / paths));

Session.Current.WriteLine($"price {mean.Value:0.0000} ± {error.Value:0.0000}, exact {exact:0.0000}");
Session.Current.WriteLine($"within three errors: {Math.Abs(mean - exact) < 3 * error}");
