using System.Text;
using KafkaCaching.Encodings;
using KafkaCaching.Options;
using KafkaCaching.Replay;
using KafkaCaching.Replay.Applying;
using KafkaCaching.Replay.Claims;
using KafkaCaching.Store;
using KafkaCaching.Tests.Store;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Tests.Replay.Claims;

/// <summary>The part of a cache that folds records into a store.</summary>
internal sealed class ClaimCache : IDisposable
{
    private const int MaxEntryBytes = 8_000;

    private readonly IStateStore _store;
    private readonly RecordApplier _applier;
    private readonly RecordErrorSettlement _errors;

    public ClaimCache(RecordErrorPolicy policy, IStateStore? store = null)
    {
        var options = new KafkaCacheOptions<string, string>
        {
            OnRecordError = policy,
            Resolver = ClaimRecord.Resolve,
            ValidateRecord = ClaimRecord.Validate,
        };
        var keys = Codecs.ForKey<string>(null, null, "claims");
        var rules = options.ForRecords(keys, Codecs.ForValue<string>(null, null, null, "claims"));
        _store = store ?? new DictionaryStateStore { MaxEntryBytes = MaxEntryBytes };
        _applier = rules.CreateApplier(_store);
        _errors = new RecordErrorSettlement("claims", policy, NullLogger.Instance, TimeProvider.System);
    }

    public long ContestedKeys => _applier.ContestedKeys;

    public ClaimedEntries Claims => _applier.Claims!;

    /// <summary>Creates another store with the same entries.</summary>
    public IStateStore CopyStore()
    {
        var copy = new DictionaryStateStore { MaxEntryBytes = MaxEntryBytes };
        using var scan = _store.Scan();
        while (scan.MoveNext())
            copy.Replace(scan.Key, scan.Metadata, scan.Content);
        return copy;
    }

    public void Apply(ClaimRecord record)
    {
        var source = record.ToSource();
        try
        {
            _applier.Apply(source);
        }
        catch (RecordErrorException error)
        {
            Assert.Equal(ClaimOracle.FlawOf(record), error.Reason);
            _errors.Settle(source, error, _applier);
        }
    }

    public SortedDictionary<string, ClaimedValue> Entries()
    {
        var entries = new SortedDictionary<string, ClaimedValue>(StringComparer.Ordinal);
        using var scan = _store.Scan();
        while (scan.MoveNext())
            entries.Add(Encoding.UTF8.GetString(scan.Key), new ClaimedValue(scan.Metadata, Encoding.UTF8.GetString(scan.Value)));
        Assert.Equal(entries.Values.Count(static entry => !entry.Metadata.IsQuarantined), _store.Count);
        return entries;
    }

    public void Dispose() => _store.Dispose();
}
