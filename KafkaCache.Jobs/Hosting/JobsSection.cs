using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>A section that the options of the jobs are read from.</summary>
internal sealed record JobsSection(IConfiguration Section);
