using KafkaCaching.Testing;
using KafkaCaching.Tests.Brokers;

namespace KafkaCaching.Tests.Testing;

[Collection(nameof(StandardErrorTests))]
public sealed class EmbeddedBrokerQuietTests
{
    [Fact]
    public async Task A_broker_that_goes_down_and_up_loses_nothing_and_says_nothing_on_standard_error()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "File descriptors are captured on Unix only.");
        using var standardError = new StandardErrorCapture();
        using (var broker = EmbeddedBroker.Start())
        using (var kafka = new TestKafka(broker.BootstrapServers))
        {
            broker.CreateTopic("t");
            await kafka.ProduceAsync("t", "a", "1");

            broker.SetBrokerDown();
            Task whileDown = kafka.ProduceAsync("t", "b", "2");
            await Task.WhenAny(whileDown, Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken));
            Assert.False(whileDown.IsCompleted);

            broker.SetBrokerUp();
            await whileDown;
            Assert.Equal(2, (await kafka.ReadAllAsync("t")).Count);
        }

        Assert.Empty(standardError.Text);
    }
}
