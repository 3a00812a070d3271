using KafkaCaching.Tests.Brokers;
using Microsoft.Extensions.Options;

namespace KafkaCaching.Tests.Encodings.Json;

/// <summary>Values of accepted types survive a round trip, and all other types are refused at the start, so that no data is lost
/// silently.</summary>
public sealed class ValueShapesTests(EmbeddedBrokerFixture embedded)
{
    public static TheoryData<string> Accepted => [.. AcceptedShapes.All.Keys];

    public static TheoryData<string> Refused => [.. RefusedShapes.All.Keys];

    [Theory]
    [MemberData(nameof(Accepted))]
    public async Task Accepted_value_comes_back(string name)
    {
        Assert.Empty(AcceptedShapes.All[name].Faults());
        await AcceptedShapes.All[name].AssertRoundTripAsync(embedded);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void Refused_value_is_reported_at_the_start_with_its_path_and_a_remedy(string name)
    {
        var (shape, at) = RefusedShapes.All[name];
        var faults = shape.Faults();
        Assert.Contains(faults, fault => fault.Contains(at, StringComparison.Ordinal));
        Assert.All(
            faults,
            static fault => Assert.Contains("set ValueSerializer and ValueDeserializer", fault, StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public void Every_fault_is_reported_at_once() => Assert.Equal(2, RefusedShapes.All["two faults at once"].Shape.Faults().Count);

    [Fact]
    public void Create_throws_them() => Assert.Contains(
        "WithTuple.P",
        Assert.Throws<OptionsValidationException>(() => KafkaCache.Create(
            new KafkaCacheOptions<string, RefusedShapes.WithTuple> { BootstrapServers = "localhost:9092", Topic = "t" })).Message,
        StringComparison.Ordinal);
}
