using KafkaCaching.Hosting;

namespace KafkaCaching.Tests.AspNetCore.Status;

/// <summary>A cache whose status and entries are what the test says.</summary>
internal sealed class FakeCache(string name, CacheStatus status) : ICacheHandle
{
    public string Name { get; } = name;

    public string Topic { get; init; } = name;

    public bool IsReadOnly { get; init; } = true;

    public CacheStatus Status { get; set; } = status;

    public Func<string, FoundEntry?> Find { get; init; } = static _ => null;

    FoundEntry? ICacheHandle.Find(string key) => Find(key);

    public Task WaitUntilAppliedAsync(CachePosition position, CancellationToken cancellationToken) => Task.CompletedTask;
}
