using Confluent.Kafka;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.Brokers;
using KafkaCaching.Tests.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.Jobs;

/// <summary>The topics of a test's jobs, and the hosts that use them.</summary>
internal sealed class JobsTopic(string servers, string? name = null, ClientConfig? client = null) : IAsyncDisposable
{
    private readonly List<IHost> _hosts = [];

    public string Name { get; } = name ?? TestKafka.UniqueTopic("jobs");

    public ListLoggerFactory Log { get; } = new();

    public KafkaJobsOptions Options(Action<KafkaJobsOptions>? configure = null)
    {
        var options = new KafkaJobsOptions();
        Apply(options);
        configure?.Invoke(options);
        return options;
    }

    /// <summary>Runs a job once, like a process that cron starts.</summary>
    public async Task<int> RunOnceAsync(
        Func<JobRun, CancellationToken, Task> run, string job = "import", Action<KafkaJobsOptions>? configure = null)
    {
        await using var services = new ServiceCollection()
            .AddSingleton<ILoggerFactory>(Log).AddSingleton(new ScriptedJob.Script(run)).BuildServiceProvider();
        return await KafkaJobs.RunOnceAsync<ScriptedJob>(job, Options(configure), services, TestContext.Current.CancellationToken);
    }

    public Task<int> RunOnceAsync(Action<JobRun> run, string job = "import") => RunOnceAsync(
        (one, _) =>
        {
            run(one);
            return Task.CompletedTask;
        },
        job);

    /// <summary>Starts a service with jobs.</summary>
    public async Task<IHost> StartAsync(Func<JobRun, CancellationToken, Task> run, Action<KafkaJobsBuilder> add)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddSingleton<ILoggerFactory>(Log);
        builder.Services.AddMetrics();
        builder.Services.AddSingleton(new ScriptedJob.Script(run));
        add(builder.Services.AddKafkaJobs(Apply));
        var host = builder.Build();
        try
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
        }
        catch
        {
            host.Dispose();
            throw;
        }

        _hosts.Add(host);
        return host;
    }

    /// <summary>Leaves stopping a host to the test.</summary>
    public void Forget(IHost host) => _hosts.Remove(host);

    /// <summary>The history as read by a service without jobs.</summary>
    public async Task<IJobHistory> HistoryAsync()
    {
        var host = await StartAsync(static (_, _) => Task.CompletedTask, static _ => { });
        var history = host.Services.GetRequiredService<IJobHistory>();
        await history.WaitUntilReadyAsync(TestContext.Current.CancellationToken);
        return history;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.StopAsync(CancellationToken.None);
            host.Dispose();
        }

        Log.Dispose();
    }

    private void Apply(KafkaJobsOptions options)
    {
        options.BootstrapServers = servers;
        options.Client = client;
        options.Topic = Name;
        options.ElectionTopic = $"{Name}-election";
        options.Store.MemoryBudget = 64L << 20;
        options.LogMemoryBudget = 32L << 20;
    }
}
