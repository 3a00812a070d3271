namespace KafkaCaching.Benchmarks.Putting;

/// <summary>One way to put, and the label of the contender with which it is compared.</summary>
internal sealed record PutContender(
    string Label, string Baseline, Func<PutClients, string, byte[], Task> Put, int PutsPerBlock = PutContender.Block)
{
    public const int Block = 50;
}
