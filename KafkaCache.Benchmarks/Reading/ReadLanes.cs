namespace KafkaCaching.Benchmarks.Reading;

/// <summary>A contender's readers on one set of keys, one for each thread, each with a walk of its own.</summary>
internal sealed class ReadLanes
{
    private readonly (SliceReader Read, KeyWalk Keys)[] _lanes;
    private readonly ReadBlock[] _blocks;

    /// <param name="contender">Who reads.</param>
    /// <param name="keys">What is read.</param>
    /// <param name="threads">How many read at once.</param>
    /// <param name="turn">From 0 to 1: where on the keys to begin, so that nobody profits from keys that another has just touched.</param>
    public ReadLanes(ReadContender contender, string[] keys, int threads, double turn)
    {
        _lanes = [.. Enumerable.Range(0, threads).Select(thread => (contender.Open(), new KeyWalk(keys, (int)((turn + ((double)thread / threads)) % 1 * keys.Length))))];
        _blocks = new ReadBlock[threads];
    }

    public ReadBlock Measure()
    {
        using var start = new Barrier(_lanes.Length);
        Thread[] others = [.. Enumerable.Range(1, _lanes.Length - 1).Select(lane => new Thread(() => Run(lane, start)))];
        foreach (var other in others)
            other.Start();
        Run(0, start);
        foreach (var other in others)
            other.Join();
        return ReadBlock.Of(_blocks);
    }

    private void Run(int lane, Barrier start)
    {
        start.SignalAndWait();
        _blocks[lane] = ReadBlock.Measure(_lanes[lane].Read, _lanes[lane].Keys);
    }
}
