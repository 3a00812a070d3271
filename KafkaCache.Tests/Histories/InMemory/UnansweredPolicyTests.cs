using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>The request for delete.retention.ms at the beginning of a generation may fail.</summary>
public sealed class UnansweredPolicyTests : IDisposable
{
    private static readonly HistoryRules Rules = new();

    private readonly ModelKafka _kafka = new(partitions: 1);
    private readonly ModelCache _cache;

    public UnansweredPolicyTests()
    {
        _cache = new ModelCache(1, Rules, _kafka);
        Assert.Equal(0, _cache.Client.PoliciesTold);
        Append();
        Play();
    }

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Tombstones_missed_after_the_report_make_another_generation()
    {
        _cache.PassTime(TimeSpan.FromSeconds(10));
        Assert.Equal(1, _cache.Client.PoliciesTold);
        Append();
        _cache.PassTime(2 * Rules.DeleteRetention);
        PlayUntilRest();

        Assert.Equal(2, _cache.Generations);
    }

    [Fact]
    public void Tombstones_missed_before_the_report_make_another_generation_once_it_comes()
    {
        _cache.Client.Trouble = BrokerTrouble.NoPolicy;
        Append();
        _cache.PassTime(2 * Rules.DeleteRetention);
        PlayUntilRest();
        Assert.Equal(1, _cache.Generations);

        _cache.Client.Trouble = BrokerTrouble.None;
        _cache.PassTime(TimeSpan.FromSeconds(20));
        PlayUntilRest();
        Assert.Equal(2, _cache.Generations);
    }

    private void PlayUntilRest()
    {
        Play();
        _cache.PassTime(TimeSpan.FromSeconds(1));
        Play();
        _cache.PassTime(TimeSpan.FromSeconds(1));
        Play();
    }

    private void Play() => _cache.Play(new Turn(ModelSource.MaxRecords, FirstPartition: 0));

    private void Append() =>
        _kafka.Topic!.Partitions[0].Append(1_700_000_000_000, "k"u8.ToArray(), "v"u8.ToArray(), Flaw.None, transaction: null);
}
