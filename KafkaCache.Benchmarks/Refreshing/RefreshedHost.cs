using KafkaCaching.Jobs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace KafkaCaching.Benchmarks.Refreshing;

/// <summary>An instance of the refreshed cache. It refreshes on request only.</summary>
internal sealed class RefreshedHost : IAsyncDisposable
{
    private readonly IHost _host;

    private RefreshedHost(IHost host)
    {
        _host = host;
        Cache = host.Services.GetRequiredService<IRefreshedCache<int, RefreshedRow>>();
    }

    public IRefreshedCache<int, RefreshedRow> Cache { get; }

    /// <summary>Starts the instance and waits for its first version.</summary>
    /// <param name="bootstrapServers">The brokers.</param>
    /// <param name="topic">The topic.</param>
    /// <param name="rows">The number of rows.</param>
    /// <param name="firstRound">The round of the first fetch. Each further fetch is one round later.</param>
    public static async Task<RefreshedHost> StartAsync(string bootstrapServers, string topic, int rows, int firstRound)
    {
        var round = firstRound - 1;
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddRefreshedCache<int, RefreshedRow>("rows", options =>
        {
            options.BootstrapServers = bootstrapServers;
            options.Topic = topic;
            options.Every = TimeSpan.FromDays(1);
            options.Key = static row => row.Id;
            options.Fetch = (_, _) => Task.FromResult<IReadOnlyCollection<RefreshedRow>>(
                RefreshedRow.All(rows, Interlocked.Increment(ref round)));
            options.MaxTransactionBytes = 1L << 30;
            options.TransactionTimeout = TimeSpan.FromMinutes(5);
            options.Store.MemoryBudget = 4L << 30;
        });
        var host = new RefreshedHost(builder.Build());
        await host._host.StartAsync();
        await host.Cache.WaitUntilReadyAsync();
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
