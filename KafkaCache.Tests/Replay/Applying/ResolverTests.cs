using System.Text;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Sources;

namespace KafkaCaching.Tests.Replay.Applying;

public sealed class ResolverTests
{
    public sealed record UserEvent(string Name, string? Email, params string[] Groups);

    public sealed record UserView(string Name, long Offset);

    // System.Text.Json can serialize this type but not deserialize it: it has two constructors to choose from.
    public sealed class WriteOnly
    {
        public WriteOnly(int number) => Number = number;

        public WriteOnly(string text) => Number = text.Length;

        public int Number { get; }
    }

    [Fact]
    public void A_record_becomes_an_entry_of_another_key_and_value_type()
    {
        using var cache =
            new MemoryReplay<int, UserView>(static o => o.Resolver = static (in CacheRecord record, ICacheUpdates<int, UserView> updates) =>
        {
            var id = record.ReadKey<Guid>();
            var user = record.ReadValue<UserEvent>();
            Assert.Equal(id.ToString(), Encoding.UTF8.GetString(record.KeyBytes));
            Assert.StartsWith("{", Encoding.UTF8.GetString(record.ValueBytes), StringComparison.Ordinal);
            Assert.False(record.IsTombstone);
            Assert.Equal((2, DateTimeOffset.FromUnixTimeMilliseconds(77)), (record.Partition, record.Timestamp));
            Assert.True(record.TryGetHeader("number", out var number));
            Assert.False(record.TryGetHeader("absent", out _));
            updates.Set(number[0], new UserView(user.Name, record.Offset));
        });
        var headers = new OneHeader("number", [42]);

        cache.Apply(Records.Of("7c9e6679-7425-40de-944b-e07fc1f90ae7", """{"name":"Ada"}""", 11, partition: 2, timestampMs: 77, headers));

        Assert.Equal(
            new CacheEntry<UserView>(new UserView("Ada", 11), 2, 11, DateTimeOffset.FromUnixTimeMilliseconds(77)), cache.Entry(42));
        Assert.Equal(0, cache.RecordErrors);
    }

    [Fact]
    public void What_a_record_yields_replaces_what_the_one_before_it_yielded()
    {
        using var cache = Counts();
        cache.Apply(Records.Of("r", "a=1 b=2", 0), Records.Of("s", "x=9", 1));
        Same([("a", 1), ("b", 2), ("x", 9)], cache);

        cache.Apply(Records.Of("r", "b=3 c=4", 2));
        Same([("b", 3), ("c", 4), ("x", 9)], cache);
        Assert.Equal(0, cache.Entry("a")?.Value ?? 0);
        Assert.Equal(2, cache.Entry("b")!.Value.Offset);

        cache.Apply(Records.Of("r", "", 3));
        Same([("x", 9)], cache);
        cache.Apply(Records.Of("r", "a=5", 4), Records.Of("r", null, 5), Records.Of("s", null, 6), Records.Of("never", null, 7));
        Same([], cache);
    }

    [Fact]
    public void The_last_word_on_a_key_within_one_record_counts()
    {
        using var cache = Counts();
        cache.Apply(Records.Of("r", "a=1 a=2", 0));
        Same([("a", 2)], cache);
    }

    [Fact]
    public void Quarantine_marks_the_keys_that_the_bad_record_yields_and_retracts_the_others()
    {
        using var warm = Counts(RecordErrorPolicy.Quarantine);
        using var cold = Counts(RecordErrorPolicy.Quarantine);
        var bad = Records.Of("r", "boom", 2);
        warm.Apply(Records.Of("r", "a=1", 0), Records.Of("s", "b=1", 1), bad);
        cold.Apply(Records.Of("s", "b=1", 1), bad);

        foreach (var cache in new[] { warm, cold })
        {
            Same([("b", 1)], cache);
            Assert.Null(cache.Entry("a"));
            var spoilt = Assert.Throws<RecordErrorException>(() => cache.Get("r"));
            Assert.Equal((0, 2L, RecordErrorReason.ResolverThrew), (spoilt.Partition, spoilt.Offset, spoilt.Reason));

            cache.Apply(Records.Of("r", "c=1", 3), Records.Of("s", null, 4));
            Same([("c", 1)], cache);
            Assert.Null(cache.Entry("r"));
        }
    }

    [Fact]
    public void Quarantine_of_a_refused_mutation_marks_what_was_to_change()
    {
        using var cache = Counts(
            RecordErrorPolicy.Quarantine,
            static o => o.ValidateMutation = static (in CacheMutation<string, int> change) => change.HasNext && change.Next != 13);
        cache.Apply(Records.Of("r", "a=1 b=1", 0), Records.Of("r", "a=13 c=1", 1), Records.Of("s", "d=1", 2), Records.Of("s", null, 3));

        Same([], cache);
        Assert.All(
            ["a", "b", "c", "d"],
            key => Assert.Equal(RecordErrorReason.MutationRefused, Assert.Throws<RecordErrorException>(() => cache.Get(key)).Reason));
    }

    [Fact]
    public void A_resolver_that_throws_is_a_record_error_that_never_quotes_it()
    {
        using var cache = Counts(RecordErrorPolicy.Fail);
        var error = Assert.Throws<RecordErrorException>(() => cache.Apply(Records.Of("r", "a=1", 0), Records.Of("r", "boom", 1)));
        Assert.Equal((0, 1L, RecordErrorReason.ResolverThrew), (error.Partition, error.Offset, error.Reason));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Contains(nameof(FormatException), error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_of_another_type_than_the_resolver_reads_are_undecodable()
    {
        using var cache =
            new MemoryReplay<string, int>(static o => o.Resolver = static (in CacheRecord record, ICacheUpdates<string, int> updates) =>
            updates.Set("x", (int)record.ReadKey<long>() + record.ReadValue<int>()));
        Assert.Equal(
            RecordErrorReason.UndecodableKey,
            Assert.Throws<RecordErrorException>(() => cache.Apply(Records.Of("seven", "1234", 0))).Reason);
        Assert.Equal(
            RecordErrorReason.UndecodableValue,
            Assert.Throws<RecordErrorException>(() => cache.Apply(Records.Of("12345678", "12", 1))).Reason);
        cache.Apply(Records.Of("\0\0\0\0\0\0\0\u0001", "\0\0\0\u0002", 2));
        Assert.Equal(3, cache.Get("x"));
    }

    [Fact]
    public void A_null_that_a_resolver_sets_is_a_record_error()
    {
        using var cache = new MemoryReplay<string, string>(static o =>
        {
            o.OnRecordError = RecordErrorPolicy.Skip;
            o.Resolver = static (in CacheRecord _, ICacheUpdates<string, string> updates) => updates.Set("x", null!);
        });
        cache.Apply(Records.Of("r", "v", 0));
        Assert.Equal((1, 0), (cache.RecordErrors, cache.Count));
    }

    [Fact]
    public void A_buffer_that_a_resolver_uses_again_and_again_is_not_held_on_to()
    {
        var (key, value) = (new byte[1], new byte[1]);
        using var cache =
            new MemoryReplay<byte[], byte[]>(o => o.Resolver = (in CacheRecord record, ICacheUpdates<byte[], byte[]> updates) =>
        {
            foreach (var letter in record.ValueBytes)
            {
                (key[0], value[0]) = (letter, (byte)(letter + 1));
                updates.Set(key, value);
            }
        });
        cache.Apply(Records.Of("r", "ab", 0), Records.Of("s", "c", 1));
        Assert.Equal("b"u8.ToArray(), cache.Get("a"u8.ToArray()));
        Assert.Equal("c"u8.ToArray(), cache.Get("b"u8.ToArray()));

        cache.Apply(Records.Of("r", "b", 2));
        Assert.Null(cache.Get("a"u8.ToArray()));
        Assert.Equal(2, cache.Count);
    }

    [Fact]
    public void A_stored_entry_that_can_not_be_read_back_for_the_judge_of_mutations_is_a_record_error()
    {
        using var cache = new MemoryReplay<string, WriteOnly>(static o =>
        {
            o.OnRecordError = RecordErrorPolicy.Skip;
            o.ValidateMutation = static (in CacheMutation<string, WriteOnly> _) => true;
            o.Resolver = static (in CacheRecord _, ICacheUpdates<string, WriteOnly> updates) => updates.Set("x", new WriteOnly(1));
        });
        cache.Apply(Records.Of("r", "1", 0), Records.Of("r", "2", 1));
        Assert.Equal((1, 2), (cache.RecordErrors, cache.Positions[0].Position));
    }

    // "a=1 b=2" yields two entries; "boom" throws.
    private static MemoryReplay<string, int> Counts(
        RecordErrorPolicy policy = RecordErrorPolicy.Fail, Action<KafkaCacheOptions<string, int>>? configure = null) => new(o =>
    {
        o.OnRecordError = policy;
        configure?.Invoke(o);
        o.Resolver = static (in CacheRecord record, ICacheUpdates<string, int> updates) =>
        {
            var text = record.ReadValue<string>();
            if (text == "boom")
                throw new FormatException("secret");
            foreach (var pair in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
                updates.Set(pair.Split('=')[0], int.Parse(pair.Split('=')[1], System.Globalization.CultureInfo.InvariantCulture));
        };
    });

    private static void Same((string Key, int Value)[] expected, MemoryReplay<string, int> cache) => Assert.Equal(
        expected.Select(static e => KeyValuePair.Create(e.Key, e.Value)).OrderBy(static p => p.Key, StringComparer.Ordinal),
        cache.Content().OrderBy(static p => p.Key, StringComparer.Ordinal));

    private sealed class OneHeader(string header, byte[] bytes) : IRecordHeaders
    {
        public bool TryGet(string name, out ReadOnlySpan<byte> value)
        {
            value = name == header ? bytes : default;
            return name == header;
        }
    }
}
