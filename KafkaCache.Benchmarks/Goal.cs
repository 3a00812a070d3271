using System.Globalization;

namespace KafkaCaching.Benchmarks;

/// <summary>A goal of the project, and the figure that a run reached.</summary>
internal sealed record Goal(string Target, double Figure, string Unit, double Bound, bool IsUpperBound)
{
    public bool IsMet => IsUpperBound ? Figure <= Bound : Figure >= Bound;

    public static Goal AtMost(double bound, string target, double figure, string unit) =>
        new(target, figure, unit, bound, IsUpperBound: true);

    public static Goal AtLeast(double bound, string target, double figure, string unit) =>
        new(target, figure, unit, bound, IsUpperBound: false);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Target}: {Figure:#,0.##} {Unit}; goal {(IsUpperBound ? '≤' : '≥')} {Bound:#,0.##}{(IsMet ? "" : ", missed")}");
}
