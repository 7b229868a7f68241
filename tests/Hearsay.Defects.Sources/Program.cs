using Hearsay.Defects.Sources;

// Arguments: the folder of the product's sources, that of the edit sheets, and that for the copy.
if (args.Length != 3)
{
    Console.Error.WriteLine("usage: Hearsay.Defects.Sources SOURCES SHEETS COPY");
    return 2;
}

var (sources, edits, target) = (args[0], args[1], args[2]);
var copy = new SourceCopy();
foreach (var (path, text) in FilesOf(sources, "*.cs"))
{
    copy.Add(path, text);
}

var sheets = new List<EditSheet>();
foreach (var (path, text) in FilesOf(edits, "*.md"))
{
    try
    {
        sheets.Add(EditSheet.Parse(Path.Combine(edits, path), text));
    }
    catch (EditSheetException exception)
    {
        copy.Errors.Add(exception.Message.Replace("): ", "): error HD002: ", StringComparison.Ordinal));
    }
}

foreach (var edit in sheets.SelectMany(static sheet => sheet.Defects).SelectMany(static defect => defect.Edits))
{
    copy.Apply(edit);
}

if (sheets.Count == 0)
{
    copy.Errors.Add($"{edits}: error HD002: there is no sheet of defects");
}

foreach (var error in copy.Errors)
{
    Console.Error.WriteLine(error);
}

if (copy.Errors.Count > 0)
{
    return 1;
}

var written = new HashSet<string>(StringComparer.Ordinal);
foreach (var (path, text) in copy.Files().Append(("Defects.g.cs", DefectNames.Write(sheets))))
{
    var file = Path.GetFullPath(Path.Combine(target, path));
    written.Add(file);

    // A file that is the same keeps its time, so that nothing is compiled again.
    if (!File.Exists(file) || File.ReadAllText(file) != text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text);
    }
}

foreach (var stale in Directory.EnumerateFiles(target, "*.cs", SearchOption.AllDirectories).Select(Path.GetFullPath)
    .Where(file => !written.Contains(file)))
{
    File.Delete(stale);
}

return 0;

static IEnumerable<(string Path, string Text)> FilesOf(string folder, string pattern) =>
    Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        .Select(file => (Path.GetRelativePath(folder, file).Replace('\\', '/'), File.ReadAllText(file)));
