using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing.Contract;

/// <summary>A topic of one kind for the contract suite.</summary>
public abstract class ContractTopic : IAsyncDisposable
{
    /// <summary>Creates options for a writable cache of the topic.</summary>
    public abstract KafkaCacheOptions<string, string> Options();

    /// <summary>Writes a record without using a cache.</summary>
    public abstract Task<CachePosition> ProduceAsync(TestRecord record);

    public Task<CachePosition> ProduceAsync(string? key, string? value) => ProduceAsync(TestRecord.Of(key, value));

    public abstract Task DeleteAsync();

    public abstract Task CreateAsync(int partitions);

    public abstract Task DeleteRecordsAsync(int partition, long beforeOffset);

    public virtual Task AddPartitionsAsync(int total) => Skip("add partitions");

    public virtual Task DisconnectAsync() => Skip("be cut off");

    public virtual Task ReconnectAsync() => Task.CompletedTask;

    public abstract ValueTask DisposeAsync();

    private static Task Skip(string what)
    {
        Assert.Skip($"This kind of topic can't {what}.");
        return Task.CompletedTask;
    }
}
