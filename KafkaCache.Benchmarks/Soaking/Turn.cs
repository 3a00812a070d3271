namespace KafkaCaching.Benchmarks.Soaking;

/// <summary>A lock that a writer holds while it writes. Code that holds the locks of all writers can rely on the fact that no write is in
/// flight.</summary>
internal sealed class Turn : IDisposable
{
    private readonly SemaphoreSlim _free = new(1, 1);

    public Task TakeAsync(CancellationToken cancellationToken = default) => _free.WaitAsync(cancellationToken);

    public void GiveBack() => _free.Release();

    public void Dispose() => _free.Dispose();
}
