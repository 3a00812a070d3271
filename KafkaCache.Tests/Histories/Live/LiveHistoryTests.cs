using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Histories.Live;

/// <summary>Random histories of caches that are created through the public API, with brokers that are accessed over the network.</summary>
public sealed class LiveHistoryTests
{
    private const int MaxSteps = 40;

    private static readonly StepKind[] Weighted =
    [
        .. Enumerable.Repeat(StepKind.Produce, 12), .. Enumerable.Repeat(StepKind.Put, 8), .. Enumerable.Repeat(StepKind.Remove, 3),
        .. Enumerable.Repeat(StepKind.Begin, 2),
        StepKind.Commit, StepKind.Abort, .. Enumerable.Repeat(StepKind.DeleteRecords, 2), StepKind.Grow,
        .. Enumerable.Repeat(StepKind.TroubleBrokers, 3),
        .. Enumerable.Repeat(StepKind.MendBrokers, 3), .. Enumerable.Repeat(StepKind.StartCache, 2), StepKind.StopCache,
        .. Enumerable.Repeat(StepKind.CatchUp, 3),
        StepKind.CreateTopic,
    ];

    [Fact]
    [Trait("Category", "Long")]
    public Task Caches_hold_the_fold_of_the_log_through_thirty_histories_on_the_mock_cluster() =>
        PlayOnMockAsync(30, nameof(Caches_hold_the_fold_of_the_log_through_thirty_histories_on_the_mock_cluster));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Caches_hold_the_fold_of_the_log_through_two_hundred_histories_on_the_mock_cluster() =>
        PlayOnMockAsync(200, nameof(Caches_hold_the_fold_of_the_log_through_two_hundred_histories_on_the_mock_cluster));

    [Fact]
    [Trait("Category", "Long")]
    public Task Caches_hold_the_fold_of_the_log_through_four_histories_on_a_real_Kafka() =>
        PlayOnNodesAsync(4, nameof(Caches_hold_the_fold_of_the_log_through_four_histories_on_a_real_Kafka));

    [Fact]
    [Trait("Category", "Soak")]
    public Task Caches_hold_the_fold_of_the_log_through_forty_histories_on_a_real_Kafka() =>
        PlayOnNodesAsync(40, nameof(Caches_hold_the_fold_of_the_log_through_forty_histories_on_a_real_Kafka));

    private static async Task PlayOnNodesAsync(int count, string method)
    {
        var release = RealBrokerFixture.RequireRelease();
        await using var node = await RealKafka.StartAsync(NodeKafka.Node(release), TestContext.Current.CancellationToken);
        await HistoryRuns.PlayAsync(
            count, 2, method, Make, history => PlayOnNode(history, node.BootstrapServers), shrinks: false);
    }

    private static Task PlayOnMockAsync(int count, string method) =>
        HistoryRuns.PlayAsync(count, 2 * Environment.ProcessorCount, method, Make, PlayOnMock, shrinks: false);

    private static int PlayOnNode(History history, string bootstrapServers)
    {
        using var kafka = new NodeKafka(bootstrapServers);

        // A compacted topic refuses records without a key. Skip is replaced, because the cleaner removes the record that precedes a bad
        // one.
        var rules = history.Rules with
        {
            Cleans = true, Policy = history.Rules.Policy == RecordErrorPolicy.Skip ? RecordErrorPolicy.Quarantine : history.Rules.Policy,
            RefusesNullKeys = true,
        };
        return LiveHistory.PlayAsync(history with { Rules = rules }, kafka).GetAwaiter().GetResult();
    }

    private static History Make(ulong seed)
    {
        var history = History.Of(seed, Weighted, MaxSteps);
        return history with
        {
            Rules = history.Rules with { HasPoison = history.Rules.HasPoison && history.Rules.Policy != RecordErrorPolicy.Fail },
        };
    }

    private static int PlayOnMock(History history)
    {
        using var kafka = new MockKafka();
        return LiveHistory.PlayAsync(history, kafka).GetAwaiter().GetResult();
    }
}
