namespace KafkaCaching.Demo.Http;

/// <summary>How long puts under way may still wait once the demo stops: then they answer with the outcome known so far, while there is still a connection to answer on.</summary>
internal sealed class StopGrace : IDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _over = new();
    private readonly CancellationTokenRegistration _stopping;

    public StopGrace(IHostApplicationLifetime lifetime) => _stopping = lifetime.ApplicationStopping.Register(() => _over.CancelAfter(Grace));

    public CancellationToken Over => _over.Token;

    public void Dispose()
    {
        _stopping.Dispose();
        _over.Dispose();
    }
}
