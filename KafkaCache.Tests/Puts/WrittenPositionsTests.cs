namespace KafkaCaching.Tests.Puts;

public sealed class WrittenPositionsTests
{
    private static readonly CachePosition Position = new(Partition: 2, Offset: 7);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_snapshot_waits_for_expected_writes_and_has_their_positions()
    {
        var written = WrittenPositions.Gather();
        var (first, second) = (new TaskCompletionSource(), new TaskCompletionSource());
        WrittenPositions.Expect(WriteAsync(first.Task));
        WrittenPositions.Expect(WriteAsync(second.Task));
        var snapshot = written.SnapshotAsync(Token);
        first.SetResult();
        Assert.False(snapshot.IsCompleted);
        second.SetResult();
        Assert.Equal([("users", Position)], await snapshot);
    }

    [Fact]
    public async Task An_expected_write_that_fails_is_left_out()
    {
        var written = WrittenPositions.Gather();
        WrittenPositions.Expect(Task.FromException(new PutException("The brokers are away.", PutOutcome.Unknown)));
        var late = new TaskCompletionSource();
        WrittenPositions.Expect(late.Task);
        var snapshot = written.SnapshotAsync(Token);
        late.SetException(new PutException("The brokers are away.", PutOutcome.Unknown));
        Assert.Empty(await snapshot);
    }

    [Fact]
    public async Task The_wait_for_expected_writes_ends_with_its_token()
    {
        var written = WrittenPositions.Gather();
        WrittenPositions.Expect(new TaskCompletionSource().Task);
        using var source = new CancellationTokenSource();
        var snapshot = written.SnapshotAsync(source.Token);
        await source.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => snapshot);
    }

    [Fact]
    public async Task Where_nobody_gathers_nothing_is_expected()
    {
        await Task.Run(
            static () =>
            {
                Assert.False(WrittenPositions.IsGathering);
                WrittenPositions.Expect(new TaskCompletionSource().Task);
                WrittenPositions.Gather();
                Assert.True(WrittenPositions.IsGathering);
            },
            Token);
    }

    private static async Task WriteAsync(Task until)
    {
        await until;
        WrittenPositions.Note("users", Position);
    }
}
