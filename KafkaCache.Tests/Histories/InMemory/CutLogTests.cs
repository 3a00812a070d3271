using KafkaCaching.Tests.Histories.Model;

namespace KafkaCaching.Tests.Histories.InMemory;

/// <summary>A log is truncated when the cache is about to start over, or to open another consumer, for another reason.</summary>
public sealed class CutLogTests : IDisposable
{
    private static readonly HistoryRules Rules = new();
    private static readonly CachePosition Beyond = new(0, 8);

    private readonly ModelKafka _kafka = new(partitions: 1);
    private readonly ModelCache _cache;

    public CutLogTests()
    {
        _cache = new ModelCache(1, Rules, _kafka);
        Append(6);
        Play();
        Assert.Equal([6L], _cache.State.Current!.Positions.Snapshot());
    }

    public void Dispose() => _cache.Dispose();

    [Fact]
    public void Waiters_fail_at_once_when_the_log_is_cut_off_and_tombstones_were_missed_and_later_ones_do_not()
    {
        Append(1);
        _cache.PassTime(2 * Rules.DeleteRetention);
        CutAndPlay();

        var later = _cache.Wait(new CachePosition(0, 0));
        Append(1);
        _cache.PassTime(TimeSpan.FromSeconds(10));
        Play();
        Assert.True(later.IsDone);
        Assert.True(later.Result);
        Assert.Equal(2, _cache.Generations);
    }

    [Fact]
    public void Waiters_fail_at_once_when_the_log_is_cut_off_and_a_partition_was_added()
    {
        _kafka.Topic!.Grow(2);
        _cache.PassTime(TimeSpan.FromSeconds(10));
        CutAndPlay();
    }

    private void CutAndPlay()
    {
        var wait = _cache.Wait(Beyond);
        _kafka.Topic!.Partitions[0] = _kafka.Topic.Partitions[0].Truncate(0);
        Play();
        Assert.True(wait.IsDone);
        Assert.Throws<TopicChangedException>(() => wait.Result);
        _cache.PassTime(TimeSpan.FromSeconds(1));
        Assert.Equal(0, _cache.State.Held().Last().Positions[0].Target);
    }

    private void Play() => _cache.Play(new Turn(ModelSource.MaxRecords, FirstPartition: 0));

    private void Append(int records)
    {
        for (; records > 0; records--)
            _kafka.Topic!.Partitions[0].Append(1_700_000_000_000, "k"u8.ToArray(), "v"u8.ToArray(), Flaw.None, transaction: null);
    }
}
