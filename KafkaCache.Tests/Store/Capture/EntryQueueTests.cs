using System.Buffers.Binary;
using KafkaCaching.Store.Capture;
using KafkaCaching.Store.Entries;

namespace KafkaCaching.Tests.Store.Capture;

public sealed class EntryQueueTests
{
    private const int BlockBytes = 64 << 10;

    private readonly EntryQueue _queue = new(maxBytes: 1 << 20);

    [Fact]
    public void Entries_are_visible_once_published_and_come_in_order_whatever_their_size()
    {
        int[] sizes = [0, 100, BlockBytes, 10, 3 * BlockBytes, 50_000, 50_000, 0];
        for (var i = 0; i < sizes.Length; i++)
            Assert.True(TryAdd(i, sizes[i]));
        Assert.True(_queue.IsEmpty);
        Assert.False(_queue.TryPeek(out _));
        _queue.Publish();

        for (var i = 0; i < sizes.Length; i++)
            Assert.Equal((i, sizes[i]), Take());
        Assert.True(_queue.IsEmpty);
        Assert.False(_queue.TryPeek(out _));
    }

    [Fact]
    public void Withdrawn_entries_never_come_though_they_took_several_blocks()
    {
        TryAdd(0, 10);
        _queue.Publish();
        TryAdd(1, BlockBytes);
        TryAdd(2, BlockBytes);
        _queue.Withdraw();
        TryAdd(3, 20);
        TryAdd(4, BlockBytes);
        _queue.Publish();

        Assert.Equal([(0, 10), (3, 20), (4, BlockBytes)], [Take(), Take(), Take()]);
        Assert.True(_queue.IsEmpty);
    }

    [Fact]
    public void A_full_queue_takes_an_entry_again_when_one_was_taken()
    {
        var added = 0;
        while (TryAdd(added, 50_000))
            added++;
        _queue.Publish();
        Assert.InRange(added, 19, 20);

        Take();
        Assert.True(TryAdd(added, 50_000));
        Assert.False(TryAdd(added + 1, 50_000));
    }

    [Fact]
    public async Task What_one_thread_publishes_another_takes_in_order_beside_withdrawals()
    {
        const int Entries = 200_000;
        using var taking = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        var random = new Random(unchecked((int)TestSeed.Next()));
        var writing = Task.Run(() => Write(Entries, random, taking.Token), CancellationToken.None);
        try
        {
            for (var next = 0; next < Entries;)
            {
                if (_queue.TryPeek(out _))
                    Assert.Equal(next++, Take().Number);
                else
                    Assert.False(writing.IsFaulted);
            }
        }
        finally
        {
            await taking.CancelAsync();
            await writing;
        }
    }

    private void Write(int entries, Random random, CancellationToken taking)
    {
        for (var i = 0; i < entries && !taking.IsCancellationRequested;)
        {
            if (random.Next(5) == 0 && TryAdd(-1, random.Next(BlockBytes)))
                _queue.Withdraw();
            if (TryAdd(i, random.Next(random.Next(1_000) == 0 ? 2 * BlockBytes : 200)))
                i++;
            _queue.Publish();
        }
    }

    private bool TryAdd(int number, int size)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(key, number);
        var content = new byte[size];
        content.AsSpan().Fill((byte)number);
        return _queue.TryAdd(key, new EntryMetadata(0, 1, TimestampMs: 1), content);
    }

    private (int Number, int Size) Take()
    {
        Assert.True(_queue.TryPeek(out var packed));
        PackedEntry.Read(packed, out var key, out _, out var content);
        var number = BinaryPrimitives.ReadInt32LittleEndian(key);
        Assert.Equal(-1, content.IndexOfAnyExcept((byte)number));
        var size = content.Length;
        _queue.Take(packed);
        return (number, size);
    }
}
