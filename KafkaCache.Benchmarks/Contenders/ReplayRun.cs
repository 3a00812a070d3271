namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>The topic that a contender replays, and the number of keys that it must find there.</summary>
internal sealed record ReplayRun(string Contender, string BootstrapServers, string Topic, int Records)
{
    /// <summary>A suitable memory budget for the topic: the default, or more if the records need it.</summary>
    public long MemoryBudget => Math.Max(1L << 30, 320L * Records);

    public void CheckCount(long count)
    {
        if (count != Records)
            throw new InvalidOperationException($"{count:N0} keys were found of {Records:N0}.");
    }

    /// <summary>Checks the values of about a thousand keys, evenly distributed over all keys.</summary>
    public void CheckValues(Func<string, byte[]?> get)
    {
        for (var number = 0; number < Records; number += Math.Max(1, Records / 1_000))
        {
            if (!get(Workload.Key(number)).AsSpan().SequenceEqual(Workload.Value(number)))
                throw new InvalidOperationException($"Record {number} is not what was written.");
        }
    }
}
