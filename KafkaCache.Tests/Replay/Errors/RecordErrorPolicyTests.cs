using KafkaCaching.Replay;
using KafkaCaching.Store;
using KafkaCaching.Store.Faster;

namespace KafkaCaching.Tests.Replay.Errors;

public sealed class RecordErrorPolicyTests
{
    public sealed record Thing(int Size);

    public static TheoryData<string?, string?, RecordErrorReason> BadRecords => new()
    {
        { null, """{"size":2}""", RecordErrorReason.MissingKey },
        { "a", "not JSON", RecordErrorReason.UndecodableValue },
        { "a", "", RecordErrorReason.UndecodableValue },
        { "a", "null", RecordErrorReason.UndecodableValue },
        { "a", """{"size":"x"}""", RecordErrorReason.UndecodableValue },
        { "a", """{"size":-1}""", RecordErrorReason.RecordRefused },
        { "a", """{"size":-2}""", RecordErrorReason.RecordRefused },
        { "a", """{"size":1000}""", RecordErrorReason.MutationRefused },
        { "a", """{"size":2000}""", RecordErrorReason.MutationRefused },
    };

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void Fail_throws_what_is_wrong_and_changes_nothing(string? key, string? value, RecordErrorReason reason)
    {
        using var cache = Judging(RecordErrorPolicy.Fail);
        cache.Apply(Records.Of("a", """{"size":1}""", 0));
        var error = Assert.Throws<RecordErrorException>(() => cache.Apply(Records.Of(key, value, 1), Records.Of("b", """{"size":3}""", 2)));
        Assert.Equal((0, 1L, reason), (error.Partition, error.Offset, error.Reason));
        Assert.Equal(new Thing(1), cache.Get("a"));
        Assert.Null(cache.Get("b"));
        Assert.Equal(1, cache.RecordErrors);
        Assert.Equal(1, cache.Positions[0].Position);
    }

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void Skip_keeps_the_old_value_and_settles_the_offset(string? key, string? value, RecordErrorReason reason)
    {
        using var cache = Judging(RecordErrorPolicy.Skip);
        cache.Apply(
            Records.Of("a", """{"size":1}""", 0), Records.Of(key, value, 1), Records.Of("b", """{"size":3}""", 2),
            Records.Of(key, value, 3));
        Assert.Equal(new Dictionary<string, Thing>(StringComparer.Ordinal) { ["a"] = new(1), ["b"] = new(3) }, cache.Content());
        Assert.Equal((2, 4), (cache.RecordErrors, cache.Positions[0].Position));
        Assert.True(Enum.IsDefined(reason));
    }

    [Theory]
    [MemberData(nameof(BadRecords))]
    public void Quarantine_blocks_the_key_until_a_good_record_comes(string? key, string? value, RecordErrorReason reason)
    {
        using var cache = Judging(RecordErrorPolicy.Quarantine);
        cache.Apply(Records.Of("a", """{"size":1}""", 0), Records.Of("b", """{"size":3}""", 1), Records.Of(key, value, 2));
        Assert.Equal((1, 3), (cache.RecordErrors, cache.Positions[0].Position));
        if (key is null)
        {
            Assert.Equal(2, cache.Content().Count);
            return;
        }

        var error = Assert.Throws<RecordErrorException>(() => cache.Get("a"));
        Assert.Equal((0, 2L, reason), (error.Partition, error.Offset, error.Reason));
        Assert.Equal(["b"], cache.Content().Keys);

        cache.Apply(Records.Of("a", """{"size":4}""", 3));
        Assert.Equal(new Thing(4), cache.Get("a"));
        Assert.Equal(2, cache.Content().Count);
    }

    [Fact]
    public void Quarantine_ends_with_a_tombstone_too_and_starts_on_a_key_never_seen()
    {
        using var cache = Judging(RecordErrorPolicy.Quarantine);
        cache.Apply(Records.Of("new", "bad", 0));
        Assert.Equal(0, cache.Count);
        Assert.Throws<RecordErrorException>(() => cache.Entry("new"));
        cache.Apply(Records.Of("new", "worse", 1), Records.Of("new", null, 2));
        Assert.Null(cache.Entry("new"));
        Assert.Equal((0, 2), (cache.Count, cache.RecordErrors));
    }

    [Fact]
    public void A_key_that_cannot_be_decoded_is_a_record_error()
    {
        using var cache = new MemoryReplay<Guid, string>(static o => o.OnRecordError = RecordErrorPolicy.Quarantine);
        cache.Apply(
            Records.Of("no guid", "v", 0), Records.Of("no guid either", null, 1),
            Records.Of("7C9E6679-7425-40DE-944B-E07FC1F90AE7", "upper case", 2),
            Records.Of("7c9e6679-7425-40de-944b-e07fc1f90ae7", "good", 3));
        Assert.Equal("good", cache.Get(Guid.Parse("7c9e6679-7425-40de-944b-e07fc1f90ae7")));
        Assert.Single(cache.Content());
        Assert.Equal(4, cache.Positions[0].Position);
        Assert.InRange(cache.RecordErrors, 2, 3);
    }

    [Fact]
    public void The_mutation_validator_sees_previous_and_next_and_a_deletion()
    {
        var seen = new List<string>();
        using var cache = new MemoryReplay<string, Thing>(o =>
        {
            o.OnRecordError = RecordErrorPolicy.Quarantine;
            o.ValidateMutation = (in CacheMutation<string, Thing> m) =>
            {
                seen.Add($"{m.Key}: {(m.HasPrevious ? m.Previous.Size : "-")} to {(m.HasNext ? m.Next.Size : "-")}");
                return m.HasNext && m.Next.Size != 13;
            };
        });
        cache.Apply(
            Records.Of("a", null, 0), Records.Of("a", """{"size":1}""", 1), Records.Of("a", """{"size":2}""", 2), Records.Of("a", null, 3),
            Records.Of("b", """{"size":1}""", 4), Records.Of("b", """{"size":13}""", 5), Records.Of("b", """{"size":3}""", 6));
        Assert.Equal(["a: - to 1", "a: 1 to 2", "a: 2 to -", "b: - to 1", "b: 1 to 13", "b: - to 3"], seen);
        Assert.Throws<RecordErrorException>(() => cache.Get("a")); // The deletion was refused.
        Assert.Equal(new Thing(3), cache.Get("b"));
    }

    [Fact]
    public void The_mutation_validator_judges_each_entry_of_a_resolver_and_each_that_it_takes_back()
    {
        var seen = new List<string>();
        using var cache = new MemoryReplay<string, string>(o =>
        {
            o.OnRecordError = RecordErrorPolicy.Skip;
            o.Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
            {
                foreach (var key in record.ReadValue<string>().Split(' '))
                    updates.Set(key, key + record.Offset);
            };
            o.ValidateMutation = (in CacheMutation<string, string> m) =>
            {
                seen.Add($"{m.Key}: {m.Previous ?? "-"} to {m.Next ?? "-"}");
                return m.HasNext || m.Key != "keep";
            };
        });
        cache.Apply(Records.Of("r", "keep b", 0), Records.Of("r", "keep c", 1), Records.Of("r", "c d", 2));
        Assert.Equal(
            [
                "keep: - to keep0", "b: - to b0", "keep: keep0 to keep1", "c: - to c1", "b: b0 to -", "c: c1 to c2", "d: - to d2",
                "keep: keep1 to -",
            ],
            seen);
        Assert.Equal(["c", "keep"], cache.Content().Keys.Order(StringComparer.Ordinal));
        Assert.Equal(1, cache.RecordErrors);
    }

    [Theory]
    [InlineData(RecordErrorPolicy.Skip, false)]
    [InlineData(RecordErrorPolicy.Quarantine, false)]
    [InlineData(RecordErrorPolicy.Skip, true)]
    [InlineData(RecordErrorPolicy.Quarantine, true)]
    public void An_oversize_entry_is_a_record_error(RecordErrorPolicy policy, bool resolves)
    {
        using var cache = Strings(policy, resolves);
        var tooLarge = new string('x', cache.Store.MaxEntryBytes);
        cache.Apply(Records.Of("a", "1", 0), Records.Of("a", tooLarge, 1), Records.Of("b", "2", 2));
        if (policy == RecordErrorPolicy.Skip)
            Assert.Equal("1", cache.Get("a"));
        else
            Assert.Equal(RecordErrorReason.TooLarge, Assert.Throws<RecordErrorException>(() => cache.Get("a")).Reason);
        Assert.Equal("2", cache.Get("b"));
        Assert.Equal((1, 3), (cache.RecordErrors, cache.Positions[0].Position));

        cache.Apply(Records.Of("a", tooLarge[..^1], 3)); // The largest value that fits.
        Assert.Equal(tooLarge.Length - 1, cache.Get("a")!.Length);
    }

    [Fact]
    public void An_oversize_entry_fails_a_cache_that_stores_bytes_too()
    {
        using var cache = new MemoryReplay<string, string>();
        var tooLarge = new string('x', cache.Store.MaxEntryBytes);
        Assert.Equal(
            RecordErrorReason.TooLarge, Assert.Throws<RecordErrorException>(() => cache.Apply(Records.Of("a", tooLarge, 0))).Reason);
    }

    [Theory]
    [InlineData(RecordErrorPolicy.Skip)]
    [InlineData(RecordErrorPolicy.Quarantine)]
    public void A_key_too_large_for_a_page_settles_as_any_other_bad_record(RecordErrorPolicy policy)
    {
        using var cache = Strings(policy, resolves: false);
        var key = new string('k', cache.Store.MaxEntryBytes + 1);
        cache.Apply(Records.Of(key, "1", 0), Records.Of(key, null, 1), Records.Of("b", "2", 2));
        Assert.Equal((1, 3), (cache.RecordErrors, cache.Positions[0].Position));
        Assert.Equal(["b"], cache.Content().Keys);
    }

    // Kafka accepts any number as a timestamp, unless the broker is configured to validate it.
    [Theory]
    [InlineData(long.MaxValue, false)]
    [InlineData(long.MinValue, false)]
    [InlineData(-1, false)]
    [InlineData(long.MaxValue, true)]
    public void A_timestamp_out_of_the_range_of_dates_breaks_nothing(long timestampMs, bool resolves)
    {
        using var cache = Strings(RecordErrorPolicy.Fail, resolves);
        cache.Apply(Records.Of("a", "1", 0, timestampMs: timestampMs));
        Assert.Equal("1", cache.Get("a"));
        Assert.Single(cache.Content());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a key of more than the 256 bytes that a look-up keeps on its stack")]
    public void Keys_of_any_length_are_found(string key)
    {
        key = string.Concat(Enumerable.Repeat(key, 10));
        using var cache = Strings(RecordErrorPolicy.Fail, resolves: false);
        cache.Apply(Records.Of(key, "1", 0), Records.Of("other", "", 1));
        Assert.Equal(("1", "", 2), (cache.Get(key), cache.Get("other"), cache.Content().Count));
        cache.Apply(Records.Of(key, null, 2));
        Assert.Null(cache.Entry(key));
    }

    private static MemoryReplay<string, string> Strings(RecordErrorPolicy policy, bool resolves) => new(
        o =>
        {
            o.OnRecordError = policy;
            if (resolves)
                o.Resolver = static (in CacheRecord record, ICacheUpdates<string, string> updates) =>
                    updates.Set(record.ReadKey<string>(), record.ReadValue<string>());
        },
        static () => new FasterStateStore(new StoreSettings(32 << 20, null, 1000, "memory")));

    private static MemoryReplay<string, Thing> Judging(RecordErrorPolicy policy) => new(o =>
    {
        o.OnRecordError = policy;
        o.ValidateRecord = static (in CacheRecord record) => record.ReadValue<Thing>().Size switch
        {
            -2 => throw new InvalidOperationException("as good as false"),
            var size => size >= 0,
        };
        o.ValidateMutation = static (in CacheMutation<string, Thing> m) => m.Next?.Size switch
        {
            2000 => throw new InvalidOperationException("as good as false"),
            var size => size < 1000,
        };
    });
}
