using KafkaCaching.Hosting;

namespace KafkaCaching.Tests.AspNetCore.Positions;

/// <summary>A cache as the middleware sees it.</summary>
internal sealed class HandleOf(string name, Func<CachePosition, CancellationToken, Task> wait) : ICacheHandle
{
    public string Name => name;

    public string Topic => name;

    public bool IsReadOnly => true;

    public CacheStatus Status => throw new NotSupportedException();

    public FoundEntry? Find(string key) => throw new NotSupportedException();

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken) => wait(position, cancellationToken);
}
