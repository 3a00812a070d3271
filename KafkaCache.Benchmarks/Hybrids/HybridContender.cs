namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>One implementation with its pods, all in this process.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Instances">Its pods.</param>
/// <param name="IsCoherent">Whether it notifies its other pods of a removal at all. A contender that does not is skipped after a few
/// rounds.</param>
internal sealed record HybridContender(string Name, IHybridInstance[] Instances, bool IsCoherent) : IAsyncDisposable
{
    public static HybridContender Open(string name, int instances, bool isCoherent, Func<int, IHybridInstance> open) =>
        new(name, [.. Enumerable.Range(0, instances).Select(open)], isCoherent);

    public async ValueTask DisposeAsync()
    {
        foreach (var instance in Instances)
            await instance.DisposeAsync();
    }
}
