using System.Globalization;
using System.Text.Json;

namespace KafkaCaching.Benchmarks.Putting;

/// <summary>Measures rounds of puts alternately in two processes: one with .NET's default settings, and one with TieredPGO=0.</summary>
internal sealed class PutTurns(string bootstrapServers) : IDisposable
{
    private readonly ChildProcess[] _processes =
    [
        .. new[] { true, false }.Select(tieredPgo => new ChildProcess(
            RuntimeSettings.Of(tieredPgo), PutContenders.Verb, CommandOptions.BootstrapServers.Name, bootstrapServers)),
    ];

    public PutFigures Run(int puts, int rounds)
    {
        List<double[][]>[] times = [[], []];
        for (var round = 0; round < rounds; round++)
        {
            for (var turn = 0; turn < _processes.Length; turn++)
            {
                var process = (round + turn) % _processes.Length;
                var answer = _processes[process].Ask(puts.ToString(CultureInfo.InvariantCulture));
                times[process].Add(JsonSerializer.Deserialize<double[][]>(answer)!);
            }
        }

        return new PutFigures(times[0], times[1]);
    }

    public void Dispose()
    {
        foreach (var process in _processes)
            process.Dispose();
    }
}
