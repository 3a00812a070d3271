namespace KafkaCaching.Benchmarks.Reading;

/// <summary>One block, and the circumstances under which it was measured.</summary>
internal sealed record ReadFigure(string Contender, string Keys, int Threads, bool BesideTail, ReadBlock Block);

/// <summary>The blocks of all contenders and keys. Each ratio is the median of the ratios of all rounds.</summary>
internal sealed record ReadFigures(IReadOnlyList<ReadFigure> Figures)
{
    public double Nanoseconds(string contender, string keys) => Of(contender, keys).Select(Wall).Median();

    public double CpuNanoseconds(string contender, string keys, bool besideTail = false) =>
        Of(contender, keys, besideTail: besideTail).Select(Cpu).Median();

    public double AllocatedBytes(string contender, string keys) =>
        Of(contender, keys).Select(static block => block.AllocatedBytes).Median();

    public double Ratio(string contender, string baseline, string keys) =>
        Statistics.MedianRatio(Of(contender, keys).Select(Wall), Of(baseline, keys).Select(Wall));

    /// <summary>The additional nanoseconds of a read, compared with the baseline.</summary>
    public double Difference(string contender, string baseline, string keys) =>
        Of(contender, keys).Select(Wall).Zip(Of(baseline, keys).Select(Wall), static (one, other) => one - other).Median();

    /// <summary>The throughput of two threads, divided by twice the throughput of one. It is 1 if nothing slows them down.</summary>
    public double Scaling(string contender, string keys) => Scalings(contender, keys, Wall).Median();

    /// <summary>The same by processor time, which excludes the effect of other processes.</summary>
    public double CpuScaling(string contender, string keys) => Scalings(contender, keys, Cpu).Median();

    public double RelativeScaling(string contender, string baseline, string keys) =>
        Statistics.MedianRatio(Scalings(contender, keys, Wall), Scalings(baseline, keys, Wall));

    public double TailGrowth(string contender, string keys) =>
        Statistics.MedianRatio(Of(contender, keys, besideTail: true).Select(Cpu), Of(contender, keys).Select(Cpu));

    private IEnumerable<double> Scalings(string contender, string keys, Func<ReadBlock, double> figure) =>
        Of(contender, keys).Select(figure).Zip(Of(contender, keys, threads: 2).Select(figure), static (one, two) => one / two);

    private IEnumerable<ReadBlock> Of(string contender, string keys, int threads = 1, bool besideTail = false) => Figures
        .Where(one => one.Contender == contender && one.Keys == keys && one.Threads == threads && one.BesideTail == besideTail)
        .Select(static one => one.Block);

    private static double Wall(ReadBlock block) => block.Nanoseconds;

    private static double Cpu(ReadBlock block) => block.CpuNanoseconds;
}
