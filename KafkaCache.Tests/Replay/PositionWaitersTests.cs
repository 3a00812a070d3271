using KafkaCaching.Replay;
using KafkaCaching.Replay.Progress;
using KafkaCaching.Waiting;

namespace KafkaCaching.Tests.Replay;

public sealed class PositionWaitersTests
{
    private readonly PositionWaiters _waiters = new();
    private readonly Positions _positions = new([new PartitionProgress(0, 0, 0, 0), new PartitionProgress(1, 5, 5, 5)]);

    public PositionWaitersTests() => _waiters.Follow(_positions);

    [Fact]
    public void Those_who_wait_by_positions_no_longer_followed_fail_and_the_new_ones_count()
    {
        var before = _waiters.Add(new CachePosition(1, 9));
        var next = new Positions([new PartitionProgress(0, 7, 7, 7)]);
        _waiters.Release(next);
        Assert.False(before.IsDone);

        _waiters.GiveUp(static () => new TopicChangedException("changed"));
        Assert.Throws<TopicChangedException>(() => before.Result);
        _waiters.Follow(next);
        Assert.True(_waiters.Add(new CachePosition(0, 6)).IsDone);
        Assert.False(_waiters.Add(new CachePosition(1, 0)).IsDone);

        var after = _waiters.Add(new CachePosition(0, 7));
        PassTo(0, 20); // These positions are no longer followed.
        Assert.False(after.IsDone);
        next[0].PassTo(8);
        next.Publish();
        _waiters.Release(next);
        Assert.True(after.Result);
    }

    [Fact]
    public void A_position_already_passed_is_answered_at_once()
    {
        Assert.True(_waiters.Add(new CachePosition(1, 4)).IsDone);
        Assert.False(_waiters.Add(new CachePosition(1, 5)).IsDone);
    }

    [Fact]
    public void Those_at_or_below_the_last_applied_offset_are_released_and_no_others()
    {
        var waiters = new[] { 12L, 10, 11, 10 }.Select(offset => _waiters.Add(new CachePosition(0, offset))).ToArray();
        var elsewhere = _waiters.Add(new CachePosition(1, 10));
        PassTo(0, 11);
        Assert.Equal([false, true, false, true], waiters.Select(static w => w.IsDone));
        PassTo(0, 13);
        Assert.All(waiters, static w => Assert.True(w.Result));
        Assert.False(elsewhere.IsDone);
    }

    [Fact]
    public void Passed_but_not_published_is_not_applied()
    {
        var waiter = _waiters.Add(new CachePosition(0, 0));
        _positions[0].PassTo(1);
        _waiters.Release(_positions);
        Assert.False(waiter.IsDone);
    }

    [Fact]
    public void One_who_gave_up_is_forgotten_and_the_others_stay()
    {
        var gone = _waiters.Add(new CachePosition(0, 3));
        var stays = _waiters.Add(new CachePosition(0, 3));
        _waiters.Abandon(0, gone);
        _waiters.Abandon(0, gone);
        _waiters.Abandon(7, gone);
        PassTo(0, 4);
        Assert.False(gone.IsDone);
        Assert.True(stays.IsDone);
    }

    [Fact]
    public void Those_who_come_between_two_positions_wait_for_the_later_ones_however_far_the_earlier_were()
    {
        PassTo(0, 100);
        _waiters.GiveUp(static () => new TopicChangedException("nobody waits"));
        var (early, late, gone) = (
            _waiters.Add(new CachePosition(0, 3)), _waiters.Add(new CachePosition(0, 8)), _waiters.Add(new CachePosition(1, 0)));
        PassTo(0, 200);
        Assert.False(early.IsDone);

        var next = new Positions([new PartitionProgress(0, 7, 7, 7)]);
        _waiters.Follow(next);
        _waiters.Release(next);
        Assert.True(early.Result);
        Assert.False(late.IsDone);
        Assert.False(gone.IsDone); // The partition may still be added to the topic.
        next[0].PassTo(9);
        next.Publish();
        _waiters.Release(next);
        Assert.True(late.Result);
    }

    [Fact]
    public void One_who_waits_for_a_partition_not_followed_yet_is_released_once_it_is_and_has_passed()
    {
        var early = _waiters.Add(new CachePosition(2, 3));
        PassTo(0, 100);
        Assert.False(early.IsDone);

        _positions.Add([new PartitionProgress(2, 0, 4, 4)]);
        PassTo(0, 101);
        Assert.False(early.IsDone);
        PassTo(2, 4);
        Assert.True(early.Result);
    }

    [Fact]
    public void After_the_end_every_wait_fails_even_for_what_was_applied()
    {
        var before = _waiters.Add(new CachePosition(0, 3));
        _waiters.End(static () => new FormatException());
        Assert.Throws<FormatException>(() => before.Result);
        Assert.Throws<FormatException>(() => _waiters.Add(new CachePosition(1, 0)).Result);
    }

    [Fact]
    public async Task Soak_no_waiter_is_forgotten_beside_a_busy_replay()
    {
        const int Waiters = 4;
        const int Each = 5_000;
        var positions = new Positions([new PartitionProgress(0, 0, 0, 0)]);
        _waiters.Follow(positions);
        using var stop = new CancellationTokenSource();
        var replay = Task.Factory.StartNew(
            () =>
            {
                for (long next = 1; !stop.IsCancellationRequested; next++)
                {
                    positions[0].PassTo(next);
                    positions.Publish();
                    _waiters.Release(positions);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default);

        var waits = Enumerable.Range(0, Waiters).Select(number => Task.Factory.StartNew(
            () =>
            {
                var random = new Random(number);
                for (var i = 0; i < Each; i++)
                {
                    var position = new CachePosition(0, positions[0].Position + random.Next(20));
                    Completion<bool> waiter = _waiters.Add(position);
                    if (random.Next(8) == 0)
                    {
                        _waiters.Abandon(0, waiter);
                        continue;
                    }

                    Assert.True(waiter.Wait(TimeSpan.FromSeconds(30), TimeProvider.System), $"seed {number}: forgotten at {position}");
                    Assert.True(positions[0].Position > position.Offset);
                }
            },
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default)).ToList();
        await Task.WhenAll(waits);
        await stop.CancelAsync();
        await replay;
    }

    private void PassTo(int partition, long next)
    {
        _positions[partition].PassTo(next);
        _positions.Publish();
        _waiters.Release(_positions);
    }
}
