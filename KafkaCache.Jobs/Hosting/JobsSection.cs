using Microsoft.Extensions.Configuration;

namespace KafkaCaching.Jobs.Hosting;

/// <summary>A section from which the options of the jobs are read.</summary>
internal sealed record JobsSection(IConfiguration Section);
