using System.Text.Json;
using System.Text.Json.Serialization;
using KafkaCaching.Snapshots;

namespace KafkaCaching.Tests.Snapshots;

public sealed class SnapshotFingerprintTests
{
    public static TheoryData<string, Action<KafkaCacheOptions<string, string>>> Changes => new()
    {
        { "Snapshot.Version", static o => o.Snapshot.Version = "2" },
        { "OnRecordError", static o => o.OnRecordError = RecordErrorPolicy.Skip },
        { "Decode", static o => o.Decode = DecodeMode.OnReplay },
        { "TimeToLive", static o => o.TimeToLive = TimeSpan.FromHours(1) },
        { "ExpireByHeader", static o => o.ExpireByHeader = true },
        { "KeepHeaders", static o => o.KeepHeaders = ["trace"] },
        { "Store.MaxEntryBytes", static o => o.Store.MaxEntryBytes = 100_000 },
        { "the largest entry, which a small budget lowers", static o => o.Store.MemoryBudget = 1L << 26 },
        { "ValidateRecord", static o => o.ValidateRecord = static (in CacheRecord _) => true },
        { "Resolver", static o => o.Resolver = static (in CacheRecord _, ICacheUpdates<string, string> _) => { } },
        { "Store.WhenFull", static o => o.Store.WhenFull = StoreFullPolicy.Evict },
        { "the budget of one that evicts", static o => (o.Store.WhenFull, o.Store.MemoryBudget) = (StoreFullPolicy.Evict, 1L << 26) },
        {
            "Store.NeverEvictPrefixes",
            static o => (o.Store.WhenFull, o.Store.NeverEvictPrefixes) = (StoreFullPolicy.Evict, ["a"u8.ToArray()])
        },
    };

    [Fact]
    public void All_that_entries_depend_on_gives_another_fingerprint()
    {
        var fingerprints = Changes.Select(static change => Of(change.Data.Item2)).Append(Of(static _ => { })).ToList();
        Assert.Equal(fingerprints.Count, fingerprints.Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void What_entries_do_not_depend_on_gives_the_same() => Assert.Equal(Of(static _ => { }), Of(static o =>
    {
        o.Name = "another";
        o.StaleAfter = TimeSpan.FromMinutes(3);
        o.Snapshot.Interval = TimeSpan.FromMinutes(1);
        o.ReadBeforeReady = true;
    }));

    [Fact]
    public void Names_that_contain_the_separators_are_not_mistaken_for_several()
    {
        Assert.NotEqual(Of(static o => o.KeepHeaders = ["a", "b"]), Of(static o => o.KeepHeaders = ["a;keep=1:b"]));
        Assert.NotEqual(Of(static o => o.KeepHeaders = ["a", "b"]), Of(static o => o.KeepHeaders = ["a,b"]));
        Assert.NotEqual(Of(static o => o.Snapshot.Version = "1;errors=Skip"), Of(static o => o.Snapshot.Version = "1"));
    }

    // A release that can't read the old entries must not load them.
    [Fact]
    public void Types_of_another_assembly_count_where_records_are_decoded_as_they_come()
    {
        Assert.NotEqual(Of<SnapshotFingerprintTests>(DecodeMode.OnReplay), Of<string>(DecodeMode.OnReplay));
        Assert.Equal(Of<SnapshotFingerprintTests>(DecodeMode.OnRead), Of<string>(DecodeMode.OnRead));
    }

    // With other options, a value that was quarantined may be readable, or one that was read may not.
    [Fact]
    public void Options_for_json_count_where_records_are_decoded_as_they_come()
    {
        Assert.Equal(OfJson(new()), OfJson(new()));
        Assert.Equal(OfJson(new(), DecodeMode.OnRead), OfJson(new() { AllowTrailingCommas = true }, DecodeMode.OnRead));
        JsonSerializerOptions[] all =
        [
            new(), new(JsonSerializerDefaults.Web), new() { AllowTrailingCommas = true },
            new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower }, new() { Converters = { new JsonStringEnumConverter() } },
            new() { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow },
        ];
        Assert.Equal(all.Length, all.Select(static json => OfJson(json)).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void Indexes_count_where_a_value_without_terms_is_skipped_or_quarantined()
    {
        Assert.NotEqual(OfIndex(RecordErrorPolicy.Quarantine), OfIndex(RecordErrorPolicy.Quarantine, "first"));
        Assert.NotEqual(OfIndex(RecordErrorPolicy.Skip, "first"), OfIndex(RecordErrorPolicy.Skip, "second"));
        Assert.Equal(OfIndex(RecordErrorPolicy.Skip, "first"), OfIndex(RecordErrorPolicy.Skip, "first"));
        Assert.Equal(OfIndex(RecordErrorPolicy.Fail), OfIndex(RecordErrorPolicy.Fail, "first"));
    }

    private static string OfIndex(RecordErrorPolicy policy, string? index = null)
    {
        var options = new KafkaCacheOptions<string, string> { OnRecordError = policy };
        if (index is not null)
            options.Indexes.AddUnique(index, static value => value);
        return SnapshotFingerprint.Of(options);
    }

    private static string OfJson(JsonSerializerOptions json, DecodeMode decode = DecodeMode.OnReplay) => SnapshotFingerprint.Of(
        new KafkaCacheOptions<string, SnapshotFingerprintTests> { Decode = decode, ValueJsonOptions = json });

    private static string Of<TValue>(DecodeMode decode) =>
        SnapshotFingerprint.Of(new KafkaCacheOptions<string, TValue> { Decode = decode });

    private static string Of(Action<KafkaCacheOptions<string, string>> change)
    {
        var options = new KafkaCacheOptions<string, string>();
        change(options);
        return SnapshotFingerprint.Of(options);
    }
}
