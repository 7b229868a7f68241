namespace Hearsay.Tests.Transport;

/// <summary>Tests that measure the whole process and therefore run beside no other.</summary>
[CollectionDefinition(nameof(RunsAlone), DisableParallelization = true)]
public sealed class RunsAlone;
