namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>What a writer holds while it writes. Whoever takes every writer's turn has them all at rest, with nothing in flight.</summary>
internal sealed class Turn : IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);

    public Task TakeAsync(CancellationToken cancellationToken = default) => _free.WaitAsync(cancellationToken);

    public void GiveBack() => _free.Release();

    public void Dispose() => _free.Dispose();
}
