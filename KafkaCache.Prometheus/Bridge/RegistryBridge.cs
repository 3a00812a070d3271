using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using Prometheus;

namespace KafkaCaching.Prometheus.Bridge;

/// <summary>Exports the library's meters to one registry, for all registrations. There is one bridge for each registry, because two bridges
/// would count the measurements of the process's own meter twice.</summary>
internal sealed class RegistryBridge
{
    private static readonly ConditionalWeakTable<CollectorRegistry, RegistryBridge> ByRegistry = [];

    private readonly InstrumentFamilies _instrumentFamilies;
    private readonly Lock _pollGate = new();
    private readonly List<MeterScope> _scopes = [];
    private readonly Lock _familiesGate = new();
    private readonly Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    private RegistryBridge(CollectorRegistry registry)
    {
        _instrumentFamilies = new InstrumentFamilies(registry);

        // The callback can't be removed, but it does nothing while there are no registrations.
        registry.AddBeforeCollectCallback(Poll);
    }

    public static RegistryBridge Of(CollectorRegistry registry) =>
        ByRegistry.GetValue(registry, static registry => new RegistryBridge(registry));

    /// <summary>Exports the caches without a meter factory, and the caches of one factory, until the returned object is disposed
    /// of.</summary>
    public IDisposable Register(IMeterFactory? meterFactory, ILogger logger)
    {
        lock (_pollGate)
            return new Registration(
                this, meterFactory is null ? [Enter(null, logger)] : [Enter(null, logger), Enter(meterFactory, logger)]);
    }

    private MeterScope Enter(IMeterFactory? meterFactory, ILogger logger)
    {
        var scope = _scopes.Find(scope => ReferenceEquals(scope.MeterFactory, meterFactory));
        if (scope is null)
            _scopes.Add(scope = new MeterScope(meterFactory, instrument => FamilyOf(instrument, logger), logger));
        scope.Registrations++;
        return scope;
    }

    private void Leave(IEnumerable<MeterScope> scopes)
    {
        lock (_pollGate)
        {
            foreach (var scope in scopes)
            {
                if (--scope.Registrations > 0)
                    continue;
                scope.Dispose();
                _scopes.Remove(scope);
            }
        }
    }

    // Runs before each scrape. Only one poll runs at a time, because a second one would remove what the first has just observed.
    private void Poll()
    {
        lock (_pollGate)
        {
            var families = Families();
            foreach (var family in families)
                family.BeginPoll();
            var isComplete = true;
            foreach (var scope in _scopes)
                isComplete &= scope.Observe();
            var caches = new HashSet<CacheLabels>();
            foreach (var family in families.Where(static family => !family.IsPushed))
                family.EndPoll(caches);

            // A cache that could not be observed may still exist, so its pushed series are kept.
            if (!isComplete)
                return;
            foreach (var family in families.Where(static family => family.IsPushed))
                family.EndPoll(caches);
        }
    }

    private MetricFamily[] Families()
    {
        lock (_familiesGate)
            return [.. _families.Values];
    }

    // The families have a lock of their own, so that a thread that creates a cache, and with it the instruments, does not wait for a poll.
    private MetricFamily? FamilyOf(Instrument instrument, ILogger logger)
    {
        if (_instrumentFamilies.Of(instrument, logger) is not { } family)
            return null;
        lock (_familiesGate)
        {
            if (!_families.TryGetValue(family.Name, out var there))
                _families.Add(family.Name, there = family);
            if (there.Type == family.Type)
                return there;
        }

        Log.MetricRefused(logger, family.Name, family.Type, cause: null);
        return null;
    }

    private sealed class Registration(RegistryBridge bridge, MeterScope[] scopes) : IDisposable
    {
        private MeterScope[]? _scopes = scopes;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _scopes, null) is { } left)
                bridge.Leave(left);
        }
    }
}
