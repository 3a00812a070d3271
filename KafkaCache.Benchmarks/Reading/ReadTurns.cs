namespace KafkaCaching.Benchmarks.Reading;

/// <summary>Owns contenders that have been started, and measures all of them block by block, in turns, on every set of keys.</summary>
internal sealed class ReadTurns : IDisposable
{
    private const int WarmUps = 60;

    private readonly ReadProcess[] _contenders;

    // Turned round each time: what comes second finds the processor's caches warm.
    private readonly int[] _threads;

    public ReadTurns(IEnumerable<ReadProcess> contenders, params int[] threads)
    {
        _threads = threads;
        _contenders = [.. contenders];
        foreach (var contender in _contenders)
            contender.WaitUntilReady();

        // Until the code is compiled for good.
        for (var i = 0; i < WarmUps; i++)
            _ = Round();
    }

    /// <summary>A contender's blocks of one and of two threads follow each other: a processor that is slower for a second is so in
    /// both.</summary>
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

    /// <summary>How many records of the tail a contender has applied.</summary>
    public long Applied(string contender) => _contenders.First(one => one.Contender == contender).Applied();

    public void Dispose()
    {
        foreach (var contender in _contenders)
            contender.Dispose();
    }
}
