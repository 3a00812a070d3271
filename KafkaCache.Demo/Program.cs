using KafkaCaching.Demo;
using KafkaCaching.Demo.Terminals;

using var signals = new StopSignals();
return await DemoRun.RunAsync(args, Terminal.OfProcess(), Console.Error, signals.Stop);
