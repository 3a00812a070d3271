namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Owns contenders that have been started, and measures all of them block by block, in turns, on every set of keys.</summary>
internal sealed class ReadTurns : IDisposable
{
    private const int WarmUps = 60;

    private readonly ReadProcess[] _contenders;

    // The order is reversed each time, because the second block finds the processor's caches warm.
    private readonly int[] _threads;

    public ReadTurns(IEnumerable<ReadProcess> contenders, params int[] threads)
    {
        _threads = threads;
        _contenders = [.. contenders];
        foreach (var contender in _contenders)
            contender.WaitUntilReady();

        // After these rounds, the code has its final compilation.
        for (var i = 0; i < WarmUps; i++)
            _ = Round();
    }

    /// <summary>Measures one round. A contender's blocks with one and with two threads follow each other, so that a processor that is
    /// slower for a second affects both.</summary>
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
