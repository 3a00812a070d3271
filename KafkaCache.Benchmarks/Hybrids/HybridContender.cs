namespace KafkaCaching.Benchmarks.Hybrids;

/// <summary>One implementation with its pods, all in this process.</summary>
/// <param name="Name">The name in the table of results.</param>
/// <param name="Instances">The pods.</param>
/// <param name="IsCoherent">Whether a removal notifies the other pods. A contender that doesn't do this is measured for a few rounds
/// only.</param>
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
