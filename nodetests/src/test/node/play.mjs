// A script has scenes: functions of an address and a JSON value. One is played, by its name, and its result or its
// error is the last line that is printed, in JSON.
export async function play(scenes) {
  const [name, url, json] = process.argv.slice(2);
  let told;
  try {
    told = { value: await scenes[name](url, JSON.parse(json)) };
  } catch (error) {
    told = { error: { name: error.name, message: error.message, status: error.status ?? error.status_code ?? error.$metadata?.httpStatusCode ?? null } };
  }
  console.log(JSON.stringify(told));
}
