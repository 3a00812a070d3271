using System.CommandLine;
using KafkaCaching.Benchmarks;

try
{
    return await BenchmarkCommand.Root().Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (InvalidOperationException problem)
{
    await Console.Error.WriteLineAsync($"error: {problem.Message}");
    return 1;
}
