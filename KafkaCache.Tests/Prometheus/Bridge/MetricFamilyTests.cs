using KafkaCaching.Prometheus.Bridge;
using Microsoft.Extensions.Logging.Abstractions;
using Prometheus;

namespace KafkaCaching.Tests.Prometheus.Bridge;

public sealed class MetricFamilyTests
{
    private static readonly KeyValuePair<string, object?>[] Tags = [new("cache", "users"), new("topic", "users"), new("partition", 42)];

    [Fact]
    public void A_series_seen_before_is_recorded_without_allocation()
    {
        var family = Gauges();
        family.Record(1, Tags);
        KeyValuePair<string, object?>[] same = [new("cache", new string("users")), new("topic", "users"), new("partition", 42)];
        var before = GC.GetAllocatedBytesForCurrentThread();

        family.Record(2, same);

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Tags_that_differ_in_one_value_or_in_number_are_series_of_their_own()
    {
        var made = new List<string>();
        var family = Gauges(values => made.Add(string.Join(',', values)));

        family.Record(1, Tags);
        family.Record(1, [Tags[0], Tags[1], new("partition", 43)]);
        family.Record(1, Tags.AsSpan(..2));
        family.Record(1, [Tags[0], Tags[1], new("partition", null)]);
        family.Record(1, Tags);

        Assert.Equal(["users,users,42", "users,users,43", "users,users", "users,users,"], made);
    }

    private static MetricFamily Gauges(Action<string[]>? made = null)
    {
        var factory = Metrics.WithCustomRegistry(Metrics.NewCustomRegistry());
        return new MetricFamily("x", "gauge", isPushed: false, (names, values) =>
        {
            made?.Invoke(values);
            return new GaugeSeries(factory.CreateGauge("x", "", names).WithLabels(values));
        }, NullLogger.Instance);
    }
}
