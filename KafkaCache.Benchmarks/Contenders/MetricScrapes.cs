using System.Buffers;
using KafkaCaching.AspNetCore.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace KafkaCaching.Benchmarks.Contenders;

/// <summary>Scrapes the metrics of this process again and again, far more often than a Prometheus does.</summary>
internal sealed class MetricScrapes : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly MetricsCollector _collector = new(meterFactory: null, NullLogger.Instance);
    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly ManualResetEventSlim _stop = new();
    private readonly Thread _thread;

    private MetricScrapes() => _thread = new Thread(Run) { IsBackground = true };

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
        _collector.Dispose();
        _stop.Dispose();
    }

    private void Run()
    {
        do
        {
            _output.ResetWrittenCount();
            new PrometheusRenderer(_output, ExpositionFormat.Text).Render(_collector.Collect());
        }
        while (!_stop.Wait(Interval));
    }
}
