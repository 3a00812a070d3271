using KafkaCaching.Benchmarks;

return await BenchmarkCommand.Root().Parse(args).InvokeAsync();
