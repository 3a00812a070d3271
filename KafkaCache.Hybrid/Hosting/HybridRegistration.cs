using System.Diagnostics.Metrics;
using KafkaCaching.Hybrid.Options;
using KafkaCaching.Hybrid.Records;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Hybrid.Hosting;

/// <summary>One call of <c>AddKafkaHybridCache</c>: it makes the options, gives the cache of the topic its own, reports all faults with the
/// cache's, and makes the hybrid cache.</summary>
internal sealed class HybridRegistration : IValidateOptions<KafkaCacheOptions<string, StoredRecord>>
{
    private readonly string _name;
    private readonly List<string> _faults;

    public HybridRegistration(string name, IConfiguration? section, Action<KafkaHybridCacheOptions>? configure)
    {
        _name = name;
        _faults = section is null ? [] : [.. OwnSettings.Bind(section, Options)];
        // The cache reads its part of the section, except for what is checked here.
        Options.BootstrapServers = section?[nameof(Options.BootstrapServers)];
        configure?.Invoke(Options);
        _faults.AddRange(OptionsFaults.Of(Options));
    }

    public KafkaHybridCacheOptions Options { get; } = new();

    public ValidateOptionsResult Validate(string? name, KafkaCacheOptions<string, StoredRecord> options) =>
        name != _name ? ValidateOptionsResult.Skip
        : _faults.Count > 0 ? ValidateOptionsResult.Fail(_faults)
        : ValidateOptionsResult.Success;

    public void Configure(KafkaCacheOptions<string, StoredRecord> cache)
    {
        var codec = new RecordCodec();
        (cache.ValueSerializer, cache.ValueDeserializer) = (codec, codec);
        cache.ReadOnly = false;
        cache.ReuseInstances = true;
        cache.OnRecordError = RecordErrorPolicy.Skip;
        // Before the cache is ready, some marks may be missing, so an entry that is invalid could be read.
        cache.ReadBeforeReady = false;
        cache.Topic = Options.Topic ?? cache.Topic;
        cache.BootstrapServers = Options.BootstrapServers ?? cache.BootstrapServers;
        cache.Log = Options.Log ?? cache.Log;
        cache.Client = Options.Client ?? cache.Client;
        cache.Consumer = Options.Consumer ?? cache.Consumer;
        cache.Producer = Options.Producer ?? cache.Producer;
        cache.PutTimeout = Options.PutTimeout ?? cache.PutTimeout;
        cache.ApplyTimeout = Options.ApplyTimeout ?? cache.ApplyTimeout;
        cache.TimeProvider = Options.TimeProvider ?? cache.TimeProvider;
        cache.Store = Options.Store ?? cache.Store;
    }

    public KafkaHybridCache Create(IServiceProvider services) => new(new HybridParts(
        services.GetRequiredKeyedService<IKafkaCache<string, StoredRecord>>(_name), Options, services, _name,
        Options.TimeProvider ?? services.GetService<TimeProvider>() ?? TimeProvider.System, services.GetService<IMeterFactory>(),
        services.GetService<ILoggerFactory>()));
}
