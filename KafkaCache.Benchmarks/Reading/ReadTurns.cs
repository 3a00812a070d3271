namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Owns the processes of contenders, and measures all of them in alternating blocks, on every set of keys.</summary>
internal sealed class ReadTurns : IDisposable
{
    private const int WarmUps = 60;

    private readonly ReadProcess[] _contenders;

    // The order is reversed in each round, because the second block of a contender benefits from warm processor caches.
    private readonly int[] _threads;

    public ReadTurns(IEnumerable<ReadProcess> contenders, params int[] threads)
    {
        _threads = threads;
        _contenders = [.. contenders];
        foreach (var contender in _contenders)
            contender.WaitUntilReady();

        // After these rounds, the JIT compiler has optimized the code.
        for (var i = 0; i < WarmUps; i++)
            _ = Round();
    }

    /// <summary>Measures one round. The blocks of a contender with one and with two threads follow each other, so that a temporarily slower
    /// processor affects both.</summary>
    public ReadFigure[] Round(bool besideTail = false)
    {
        Array.Reverse(_threads);
        return
        [
            .. from keys in KeySets.Names
               from contender in _contenders
               from threads in _threads
               select new ReadFigure(contender.Contender, keys, threads, besideTail, contender.Measure(keys, threads)),
        ];
    }

    /// <summary>The number of records of the tail that a contender has applied.</summary>
    public long Applied(string contender) => _contenders.First(one => one.Contender == contender).Applied();

    public void Dispose()
    {
        foreach (var contender in _contenders)
            contender.Dispose();
    }
}
