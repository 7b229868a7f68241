// The page calls the exports; there is nothing to do before it does.
return;
