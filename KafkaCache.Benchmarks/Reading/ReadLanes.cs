namespace KafkaCaching.Benchmarks.Reading;

/// <summary>The readers of a contender on one set of keys, one for each thread. Each iterates over the keys independently.</summary>
internal sealed class ReadLanes(ReadContender contender, string[] keys, int threads)
{
    private readonly (SliceReader Read, KeyWalk Keys)[] _lanes =
        [.. Enumerable.Range(0, threads).Select(thread => (contender.Open(), new KeyWalk(keys, keys.Length / threads * thread)))];

    private readonly ReadBlock[] _blocks = new ReadBlock[threads];

    public ReadBlock Measure()
    {
        using var start = new Barrier(threads);
        Thread[] others = [.. Enumerable.Range(1, threads - 1).Select(lane => new Thread(() => Run(lane, start)))];
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
