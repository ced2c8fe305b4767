console.log("build pending")
