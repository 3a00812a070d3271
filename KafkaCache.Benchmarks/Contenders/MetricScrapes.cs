using KafkaCaching.Prometheus;
using Prometheus;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Scrapes the metrics of this process ten times a second, far more often than Prometheus does.</summary>
internal sealed class MetricScrapes : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly CollectorRegistry _registry = Metrics.NewCustomRegistry();
    private readonly IDisposable _registration;
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private MetricScrapes()
    {
        _registration = KafkaCachePrometheus.Register(_registry);
        _thread = new Thread(Run) { IsBackground = true };
    }

    public static MetricScrapes Begin()
    {
        var scrapes = new MetricScrapes();
        scrapes._thread.Start();
        return scrapes;
    }

    public void Dispose()
    {
        _stop.Set();
        _thread.Join();
        _registration.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        do
            _registry.CollectAndExportAsTextAsync(Stream.Null).GetAwaiter().GetResult();
        while (!_stop.Wait(Interval));
    }
}
