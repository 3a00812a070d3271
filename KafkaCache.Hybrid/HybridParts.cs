using System.Diagnostics.Metrics;
using KafkaCaching.Diagnostics;
using KafkaCaching.Hybrid.Claims;
using KafkaCaching.Hybrid.Diagnostics;
using KafkaCaching.Hybrid.Distributed;
using KafkaCaching.Hybrid.Fills;
using KafkaCaching.Hybrid.Openings;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Reads;
using KafkaCaching.Hybrid.Records;
using KafkaCaching.Hybrid.Requests;
using KafkaCaching.Hybrid.Serializers;
using KafkaCaching.Hybrid.Validity;
using Microsoft.Extensions.Logging;

namespace KafkaCaching.Hybrid;

/// <summary>Creates and connects the parts of a hybrid cache, and ends them.</summary>
internal sealed class HybridParts : IDisposable
{
    private readonly PendingFills _pending = new();
    private readonly LocalEntries _local;
    private readonly FactoryClaims? _claims;
    private readonly DeadWriters _deadWriters;
    private readonly CancellationTokenSource _ended = new();

    public HybridParts(
        IKafkaCache<string, StoredRecord> cache, KafkaHybridCacheOptions options, IServiceProvider services, string name,
        TimeProvider time, IMeterFactory? meterFactory, ILoggerFactory? loggers, TagWriters tagWriters, bool hasSnapshots)
    {
        Name = name;
        Options = options;
        Time = time;
        MaximumPayloadBytes = options.MaximumPayloadBytes;
        Cache = cache;
        MeterFactory = meterFactory;
        Logger = GuardedLogger.Of(loggers, "KafkaCache.Hybrid");
        Keys = new KeyRules(options.MaximumKeyLength);
        Lifetimes = new Lifetimes(options);
        Watch = new TopicWatch(cache, time);
        _local = new LocalEntries(time);
        var serializers = new ValueSerializers(services, name);
        var validity = new EntryValidity<AppliedMarks>(new AppliedMarks(cache, tagWriters, Watch), AsOfRule.Instance, new KeyMarks());
        Reader = new HybridReader(cache, validity, Watch, _pending, _local, serializers, time, Logger, name);
        RequestedRead = new RequestedRead(Reader, time, name);
        Encoder = new ValueEncoder(serializers, options.MaximumPayloadBytes, Counts, Logger, name);
        if (hasSnapshots)
            _ = tagWriters.FindAsync(cache, _ended.Token);
        var marks = new PutMarks(Watch);
        Writer = new EntryWriter(cache, Reader, Watch, _pending, _local, marks, Lifetimes, Counts, time, Logger, name);
        Openings = new TagOpenings(cache, Watch, marks, Lifetimes, time);
        _deadWriters = new DeadWriters(cache, tagWriters, Openings, Writer, marks, Lifetimes, time, Logger, name);
        _claims = options.OneFactoryAcrossPods ? new FactoryClaims(cache, Counts, time, options.ClaimTimeout) : null;
        Loader = new Loader(
            Reader, Writer, Watch, Encoder, _claims, Lifetimes, Counts, new HybridTracing(name, Logger), time, Logger, name);
    }

    public string Name { get; }

    public KafkaHybridCacheOptions Options { get; }

    public TimeProvider Time { get; }

    public long MaximumPayloadBytes { get; }

    public Extensions Extensions { get; } = new();

    public IKafkaCache<string, StoredRecord> Cache { get; }

    public IMeterFactory? MeterFactory { get; }

    public ILogger Logger { get; }

    public KeyRules Keys { get; }

    public Lifetimes Lifetimes { get; }

    public HybridCounts Counts { get; } = new();

    public TopicWatch Watch { get; }

    public HybridReader Reader { get; }

    public RequestedRead RequestedRead { get; }

    public ValueEncoder Encoder { get; }

    public EntryWriter Writer { get; }

    public Loader Loader { get; }

    public TagOpenings Openings { get; }

    public FactoryClaims? Claims => _claims;

    /// <summary>Returns the keys of the marks of the given tags.</summary>
    /// <exception cref="ArgumentException">A tag is not allowed, or is <c>*</c>.</exception>
    public string[] TagMarksOf(IEnumerable<string>? tags)
    {
        if (tags is null)
            return [];
        var marks = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tag in tags)
        {
            Keys.RequireOneOfTags(tag);
            if (tag == KeyRules.AllTags)
                throw new ArgumentException("The tag '*' means all entries, so it can't be given to one.", nameof(tags));
            marks.Add(RecordKeys.MarkOfTag(tag));
        }

        return [.. marks];
    }

    public void Dispose()
    {
        _ended.Cancel();
        _ended.Dispose();
        Loader.End();
        _claims?.Dispose();
        _deadWriters.Dispose();
        Openings.Dispose();
        Watch.Dispose();
        _local.Dispose();
    }
}
