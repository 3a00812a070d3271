using System.Text.Json;
using KafkaCaching.Jobs;
using KafkaCaching.Tests.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Tests.AspNetCore.Status.Jobs;

/// <summary>A service with a refreshed cache that another instance refreshes, and a job that it runs itself, in states that the test
/// sets.</summary>
internal sealed class JobsScene : IRefreshedCache, IKafkaJobRunner, IJobHistory
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch;

    string IRefreshedCache.Name => "prices";

    public RefreshedCacheStatus Status { get; set; } = new()
    {
        Version = 12,
        Rows = 3_000,
        FetchedAt = Now - TimeSpan.FromSeconds(90),
        Age = TimeSpan.FromSeconds(90),
        Added = 4,
        Changed = 31,
        Removed = 2,
        RefreshedBy = "shop-1",
        Leader = new FencedLeader("shop-1-77", Now - TimeSpan.FromMinutes(30), 4_711),
    };

    public IReadOnlyList<JobStatus> Jobs { get; set; } =
    [
        new JobStatus("import-orders")
        {
            Cron = "*/5 * * * *",
            IsLeader = true,
            Leader = new FencedLeader("shop-2-78", Now - TimeSpan.FromMinutes(3), 815),
            NextRun = Now + TimeSpan.FromMinutes(2),
        },
    ];

    IReadOnlyList<string> IJobHistory.Jobs => ["import-orders", "of-another-service"];

    /// <summary>Whether the topics have been read.</summary>
    public bool IsReady { get; init; } = true;

    public void AddTo(IServiceCollection services) => services
        .AddSingleton<IKafkaCache>(new FakeCache("prices", Statuses.Ready(partitions: 1)))
        .AddSingleton<IRefreshedCache>(this).AddSingleton<IKafkaJobRunner>(this).AddSingleton<IJobHistory>(this);

    public IReadOnlyList<JobRunInfo> Runs(string job) => !IsReady ? throw NotReady()
        : job != "import-orders" ? []
        :
        [
            new JobRunInfo(
                "2", Now - TimeSpan.FromMinutes(3), Now - TimeSpan.FromMinutes(3), Now - TimeSpan.FromSeconds(170), JobRunOutcome.Failed,
                "shop-2", 815, "The shop answered 503."),
            new JobRunInfo(
                "1", Now - TimeSpan.FromMinutes(8), Now - TimeSpan.FromMinutes(8), Now - TimeSpan.FromSeconds(470), JobRunOutcome.Succeeded,
                "shop-2", 800, Error: null),
            new JobRunInfo(
                "0", Now - TimeSpan.FromMinutes(13), Now - TimeSpan.FromMinutes(13), EndedAt: null, JobRunOutcome.Replaced, "shop-1", 790,
                Error: null),
        ];

    public IReadOnlyDictionary<string, IReadOnlyList<JobValue>> State(string job) => IsReady
        ? Enumerable.Range(0, 60).ToDictionary(
            static i => $"key-{i:00}",
            static IReadOnlyList<JobValue> (_) => [new JobValue(Now, JsonElement.Parse("\"a secret\""))], StringComparer.Ordinal)
        : throw NotReady();

    public IReadOnlyList<JobLogLine> Lines(JobLogQuery query) =>
    [
        new JobLogLine(query.Job, "2", "shop-2", LogLevel.Warning, Now - TimeSpan.FromSeconds(171), "<b>page 7</b> is late", "stack"),
    ];

    public Task<JobRunOutcome?> RunAsync(string job, CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task WaitUntilReadyAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    public Task RefreshAsync(CancellationToken cancellationToken = default) => throw new NotSupportedException();

    private static CacheNotReadyException NotReady() => new("The cache 'jobs' is not ready.", CachePhase.Replaying, 0.5);
}
