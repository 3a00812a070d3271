namespace KafkaCaching.Tests.AspNetCore.Snapshots;

/// <summary>Simulates two hundred instances that start at the same time, with limited network bandwidth: from the brokers alone, and with
/// the snapshots of ten older instances. Each instance sends to two others at a time, as the endpoint does, and an instance that gets 503
/// retries.</summary>
public sealed class RolloutSimulationTests
{
    private const int Instances = 200;
    private const int Old = 10;
    private const int Senders = 2;
    private const double LogBytes = 1.2e9;
    private const double SnapshotBytes = 0.44 * LogBytes;
    private const double LinkBytesPerSecond = 125e6;
    private const double BrokersBytesPerSecond = 3 * LinkBytesPerSecond;
    private const double SecondsToLoad = 2;
    private const double Step = 0.05;

    [Fact]
    public void All_are_ready_from_siblings_in_a_tenth_of_the_time_that_the_brokers_need()
    {
        var cold = Instances * LogBytes / Math.Min(BrokersBytesPerSecond, Instances * LinkBytesPerSecond);
        var siblings = FromSiblings(new Random(1));

        TestContext.Current.TestOutputHelper?.WriteLine($"from the brokers {cold:0} s, from siblings {siblings:0} s");
        Assert.True(siblings <= cold / 10, $"{siblings:0} s of {cold:0} s");
    }

    private static double FromSiblings(Random random)
    {
        var left = new double[Instances];
        var from = new int[Instances];
        var readyAt = new double[Instances];
        Array.Fill(left, SnapshotBytes);
        Array.Fill(from, -1);
        Array.Fill(readyAt, double.PositiveInfinity);
        for (var now = 0.0; ; now += Step)
        {
            var sending = Send(left, from, readyAt, now);
            for (var i = 0; i < Instances; i++)
            {
                if (from[i] >= 0 || left[i] <= 0)
                    continue;

                // A Kubernetes Service selects any instance that is ready.
                var ready = Enumerable.Range(0, Instances + Old).Where(one => one >= Instances || readyAt[one] <= now).ToArray();
                var asked = ready[random.Next(ready.Length)];
                if (sending[asked] < Senders)
                    (from[i], sending[asked]) = (asked, sending[asked] + 1);
            }

            if (readyAt.Max() <= now)
                return readyAt.Max();
        }
    }

    /// <returns>The number of instances to which each instance sends.</returns>
    private static int[] Send(double[] left, int[] from, double[] readyAt, double now)
    {
        var sending = new int[Instances + Old];
        foreach (var sender in from.Where(static sender => sender >= 0))
            sending[sender]++;
        for (var i = 0; i < Instances; i++)
        {
            if (from[i] < 0)
                continue;
            left[i] -= Step * LinkBytesPerSecond / sending[from[i]];
            if (left[i] > 0)
                continue;
            sending[from[i]]--;
            (from[i], readyAt[i]) = (-1, now + SecondsToLoad);
        }

        return sending;
    }
}
